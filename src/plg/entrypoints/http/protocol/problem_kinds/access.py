"""Problems of who asks, and of accounts and what they hold."""

from http import HTTPStatus
from typing import Final

from plg.entrypoints.http.protocol.problem_kinds.kind import Kind

ACCESS: Final[dict[str, Kind]] = {
    "missing_credential": Kind(
        HTTPStatus.UNAUTHORIZED,
        "A credential is needed",
        "Send your key in the header `X-API-Key`, or as `Authorization: Bearer <key>`.",
        "Send a key in X-API-Key or in Authorization: Bearer.",
    ),
    "invalid_credential": Kind(
        HTTPStatus.UNAUTHORIZED,
        "The credential is not valid",
        "Check that the key is complete and still in use; ask who gave it to you for a new one. "
        "Refresh an access token, or log in again.",
    ),
    "insufficient_scope": Kind(
        HTTPStatus.FORBIDDEN,
        "The credential does not allow this",
        "Use a credential that has the scope named in `scope`.",
    ),
    "invalid_login": Kind(
        HTTPStatus.UNAUTHORIZED,
        "The log-in failed",
        "Check address and password; `POST /api/v1/auth/password/forgot` mails a way in.",
        "There is no account with this address and password.",
    ),
    "forbidden_network": Kind(
        HTTPStatus.FORBIDDEN,
        "Not from this network",
        "Ask from a network that the key allows; for metrics, from one in `METRICS_ALLOW`.",
        "This is not answered to the network you ask from.",
    ),
    "not_entitled": Kind(
        HTTPStatus.FORBIDDEN,
        "The vehicle is not in your fleets",
        "Check the VIN, or ask the operator: `plg fleets import` adds vehicles to a fleet. Whether "
        "there is such a vehicle is not told.",
        "The vehicle is in none of your account's fleets.",
    ),
    "account_inactive": Kind(
        HTTPStatus.FORBIDDEN,
        "The account was deactivated",
        "Ask an administrator to activate it.",
        "The account was deactivated.",
    ),
    "email_unverified": Kind(
        HTTPStatus.FORBIDDEN,
        "The address is not verified",
        "Follow the link that was mailed to it; a password reset verifies it too.",
        "The account's address must be verified first.",
    ),
    "registration_closed": Kind(
        HTTPStatus.FORBIDDEN,
        "Registration is closed",
        "Ask the operator for an account: `plg accounts create` makes one.",
        "Only the operator makes accounts here.",
    ),
    "weak_password": Kind(
        HTTPStatus.BAD_REQUEST,
        "The password would be guessed",
        "Choose another, as `detail` says; several unrelated words are good.",
    ),
    "invalid_link": Kind(
        HTTPStatus.BAD_REQUEST,
        "The link cannot be used",
        "Ask for a new one: a link works once, for a limited time, and the newest only.",
        "The link was used, has expired, or was replaced by a newer one.",
    ),
    "email_taken": Kind(
        HTTPStatus.CONFLICT,
        "There is an account with this address",
        "Log in; `POST /api/v1/auth/password/forgot` mails a way in.",
        "Another account has this address.",
    ),
    "device_taken": Kind(
        HTTPStatus.CONFLICT,
        "The device id is taken",
        "Choose another id; to register a device of your own again, prove its old secret.",
        "There is a device with this id.",
    ),
    "last_admin": Kind(
        HTTPStatus.CONFLICT,
        "This is the last admin",
        "Make another account an active admin first.",
        "Without this account nobody could administrate any more.",
    ),
    "key_revoked": Kind(
        HTTPStatus.CONFLICT,
        "The key was revoked",
        "Make a new key: one that was revoked stays as it is.",
    ),
    "too_many_held": Kind(
        HTTPStatus.CONFLICT,
        "The account has as many as it may",
        "Revoke one that is not needed any more.",
    ),
    "too_many_attempts": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many failed log-ins",
        "Wait for the seconds in `Retry-After`, or let a link be mailed to you with "
        "`POST /api/v1/auth/password/forgot`.",
    ),
}
