"""Problems of who asks, and of accounts and what they hold."""

from http import HTTPStatus
from typing import Final

from plg.entrypoints.http.protocol.problem_kinds.kind import Kind

ACCESS: Final[dict[str, Kind]] = {
    "missing_credential": Kind(
        HTTPStatus.UNAUTHORIZED,
        "A credential is needed",
        "No key or token was sent.",
        "Send your key in the header `X-API-Key`, or as `Authorization: Bearer <key>`.",
        "Send a key in X-API-Key or in Authorization: Bearer.",
    ),
    "invalid_credential": Kind(
        HTTPStatus.UNAUTHORIZED,
        "The credential is not valid",
        "The key, token, signature or proof is not valid. `detail` says why if the secret itself "
        "was right.",
        "Check that the key is complete and still in use, or ask whoever issued it for a new one. "
        "Refresh an access token, or log in again.",
    ),
    "insufficient_scope": Kind(
        HTTPStatus.FORBIDDEN,
        "The credential does not allow this",
        "The credential does not have the scope in `scope`.",
        "Use a credential that has it.",
    ),
    "invalid_login": Kind(
        HTTPStatus.UNAUTHORIZED,
        "The log-in failed",
        "There is no account with this address and password.",
        "Check both, or reset the password with `POST /api/v1/auth/password/forgot`.",
        "There is no account with this address and password.",
    ),
    "forbidden_network": Kind(
        HTTPStatus.FORBIDDEN,
        "Not from this network",
        "The key may not be used from the client's address. For metrics: the client is outside "
        "`METRICS_ALLOW`, or the request came through a proxy outside `TRUSTED_PROXIES`.",
        "Ask from an allowed network, or change the key or the setting.",
        "This is not answered to the network you ask from.",
    ),
    "not_entitled": Kind(
        HTTPStatus.FORBIDDEN,
        "The vehicle is not in your fleets",
        "The vehicle is in none of the account's fleets. The answer is the same whether the "
        "vehicle exists or not.",
        "Check the VIN, or ask the operator to add it to a fleet with `plg fleets import`.",
        "The vehicle is in none of your account's fleets.",
    ),
    "account_inactive": Kind(
        HTTPStatus.FORBIDDEN,
        "The account was deactivated",
        "The account was deactivated.",
        "Ask an administrator to activate it.",
        "The account was deactivated.",
    ),
    "email_unverified": Kind(
        HTTPStatus.FORBIDDEN,
        "The address is not verified",
        "`REQUIRE_VERIFIED_EMAIL` is on, and the account's address is not verified.",
        "Follow the link in the mail; a password reset verifies the address too.",
        "The account's address must be verified first.",
    ),
    "registration_closed": Kind(
        HTTPStatus.FORBIDDEN,
        "Registration is closed",
        "`REGISTRATION` is `closed`.",
        "Ask the operator for an account: `plg accounts create` makes one.",
        "Only the operator makes accounts here.",
    ),
    "weak_password": Kind(
        HTTPStatus.BAD_REQUEST,
        "The password is too easy to guess",
        "The password is too short, too long, or easy to guess; `detail` says why.",
        "Choose another. Several unrelated words are good.",
    ),
    "invalid_link": Kind(
        HTTPStatus.BAD_REQUEST,
        "The link cannot be used",
        "A mailed link was used, has expired, or was replaced by a newer one.",
        "Ask for a new one.",
        "The link was used, has expired, or was replaced by a newer one.",
    ),
    "email_taken": Kind(
        HTTPStatus.CONFLICT,
        "There is an account with this address",
        "Another account has this address.",
        "Log in, or reset the password with `POST /api/v1/auth/password/forgot`.",
        "Another account has this address.",
    ),
    "device_taken": Kind(
        HTTPStatus.CONFLICT,
        "The device id is taken",
        "Another account has this device id, or the device is registered and the request did not "
        "prove its present secret.",
        "Choose another id; to register your own device again, prove its present secret.",
        "There is a device with this id.",
    ),
    "last_admin": Kind(
        HTTPStatus.CONFLICT,
        "This is the last admin",
        "Without this account there would be no active admin.",
        "Make another account an active admin first.",
        "Without this account nobody could administrate any more.",
    ),
    "key_revoked": Kind(
        HTTPStatus.CONFLICT,
        "The key was revoked",
        "The key was revoked. A revoked key cannot be changed.",
        "Make a new key.",
    ),
    "too_many_held": Kind(
        HTTPStatus.CONFLICT,
        "The account has as many as it may have",
        "The account has 100 keys that are not revoked, 10,000 devices, or 100 overrides that "
        "have not ended.",
        "Revoke or end what is not needed any more.",
    ),
    "too_many_attempts": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many failed log-ins",
        "Too many log-ins failed, or too many mails were requested.",
        "Wait for the seconds in `Retry-After`, or reset the password with `POST "
        "/api/v1/auth/password/forgot`.",
    ),
}
