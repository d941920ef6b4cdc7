"""Failures as RFC 9457 problems: one table for every code."""

import math
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import msgspec

from plg.domain.errors import (
    Busy,
    Conflict,
    Forbidden,
    InsufficientScope,
    InvalidCredential,
    InvalidParameter,
    InvalidRequest,
    LedgerUnavailable,
    NotFound,
    PlgError,
    QuotaExceeded,
    RateExceeded,
    SourceError,
    TooMany,
    Unauthenticated,
)
from plg.entrypoints.http.answers import NO_STORE, Answer, content
from plg.entrypoints.http.fields import Field

PROBLEM_JSON: Final = b"application/problem+json"
CHALLENGE: Final = b'Bearer realm="plg"'
SOURCE_RETRY_SECONDS: Final = 1
QUOTA_EXCEEDED: Final = "https://iana.org/assignments/http-problem-types#quota-exceeded"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: what it is called, and what to do about it."""

    status: HTTPStatus
    title: str
    advice: str
    detail: str = ""


KINDS: Final[dict[str, Kind]] = {
    "invalid_request": Kind(
        HTTPStatus.BAD_REQUEST,
        "The request cannot be understood",
        "Compare the request with the API's documentation; `detail` says what contradicts it.",
        "The request is not well-formed HTTP.",
    ),
    "invalid_parameter": Kind(
        HTTPStatus.BAD_REQUEST,
        "A parameter cannot be used",
        "Correct the parameter that `parameter` names, as `detail` says.",
    ),
    "missing_credential": Kind(
        HTTPStatus.UNAUTHORIZED,
        "A credential is needed",
        "Send your key in the header `X-API-Key`, or as `Authorization: Bearer <key>`.",
        "Send a key in X-API-Key or in Authorization: Bearer.",
    ),
    "invalid_credential": Kind(
        HTTPStatus.UNAUTHORIZED,
        "The credential is not valid",
        "Check that the key is complete and still in use; ask who gave it to you for a new one.",
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
    "rate_exceeded": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many requests",
        "Wait for the seconds in `Retry-After`; `RateLimit` tells what is left before it is spent.",
    ),
    "quota_exceeded": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        "The quota is used up",
        "Wait for the seconds in `Retry-After`, or change to a larger plan.",
    ),
    "idempotency_mismatch": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The idempotency key was used for something else",
        "Use a new key for each new request.",
        "This Idempotency-Key was used for another request.",
    ),
    "too_many_attempts": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many failed log-ins",
        "Wait for the seconds in `Retry-After`, or let a link be mailed to you with "
        "`POST /api/v1/auth/password/forgot`.",
    ),
    "not_found": Kind(
        HTTPStatus.NOT_FOUND,
        "There is nothing at this path",
        "Look the path up in the API's documentation.",
        "There is nothing at this path.",
    ),
    "no_match": Kind(
        HTTPStatus.NOT_FOUND,
        "There is no such record",
        "Check the id. The source was asked, or said so a moment ago, and has no record under it.",
        "There is no record under this id.",
    ),
    "method_not_allowed": Kind(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "The path does not take this method",
        "Use a method that the header `Allow` names.",
        "This path does not take this method.",
    ),
    "request_timeout": Kind(
        HTTPStatus.REQUEST_TIMEOUT,
        "The request took too long to arrive",
        "Send the whole request at once, and try again.",
        "The request did not arrive completely in time.",
    ),
    "payload_too_large": Kind(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "The body is too large",
        "Send at most 64 KiB.",
        "The body is larger than 64 KiB.",
    ),
    "unsupported_media_type": Kind(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "The body is of the wrong type",
        "Send JSON, with `Content-Type: application/json`.",
        "The body must be application/json.",
    ),
    "uri_too_long": Kind(
        HTTPStatus.REQUEST_URI_TOO_LONG,
        "The address is too long",
        "Send at most 8 KiB of path and query.",
        "Path and query are longer than 8 KiB.",
    ),
    "headers_too_large": Kind(
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "The headers are too large",
        "Send at most 100 header fields with 32 KiB in all.",
        "The header fields are more than 100, or larger than 32 KiB.",
    ),
    "not_cached": Kind(
        HTTPStatus.GATEWAY_TIMEOUT,
        "Nothing is cached under this id",
        "Ask again without `Cache-Control: only-if-cached`, and the source will be asked.",
    ),
    "source_failed": Kind(
        HTTPStatus.BAD_GATEWAY,
        "The source failed",
        "Try again in a moment; the operator's log says what happened.",
        "The source did not give a usable answer.",
    ),
    "source_broken": Kind(
        HTTPStatus.BAD_GATEWAY,
        "The source sent something unusable",
        "Try again later; the operator's log and metrics say what is wrong with the answer.",
        "The source's answer breaks the contract.",
    ),
    "source_timeout": Kind(
        HTTPStatus.GATEWAY_TIMEOUT,
        "The source is too slow",
        "Try again in a moment.",
        "The source did not answer in time.",
    ),
    "source_unavailable": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The source is known to be down",
        "Try again after the seconds in `Retry-After`; the source is left alone until then.",
        "The source failed repeatedly and is not asked for a while.",
    ),
    "source_busy": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many calls wait for the source",
        "Try again after the seconds in `Retry-After`, with fewer requests at once.",
        "As many calls to the source as allowed are under way.",
    ),
    "busy": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too much waits already",
        "Try again after the seconds in `Retry-After`.",
        "Too many log-ins are being checked at once.",
    ),
    "ledger_unavailable": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The request cannot be counted",
        "Try again after the seconds in `Retry-After`; what was not answered is not billed.",
        "What is billable cannot be written down at the moment, so it is not answered.",
    ),
    "limiter_unavailable": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Requests cannot be counted",
        "Try again in a moment; the operator finds the reason in the log.",
        "How often you asked cannot be told at the moment, so this is refused.",
    ),
    "seal_broken": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "A stored secret cannot be read",
        "Tell the operator: `SECRET_KEY` changed, and its old value is not in "
        "`SECRET_KEY_PREVIOUS`.",
        "A stored secret cannot be read with the gateway's present secret.",
    ),
    "storage_unavailable": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "A database does not answer",
        "Try again in a moment; the operator finds the reason in the log and under `/health`.",
        "A database of the gateway does not answer.",
    ),
    "overloaded": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many connections",
        "Try again after the seconds in `Retry-After`, with fewer connections.",
        "As many connections as allowed are open.",
    ),
    "internal_error": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something is wrong with the gateway",
        "Tell the operator the `request_id`: the log says more under it.",
        "Something went wrong inside the gateway.",
    ),
}
CODE_OF_STATUS: Final = {404: "not_found", 405: "method_not_allowed", 413: "payload_too_large"}

_encoder = msgspec.json.Encoder()


def problem(
    code: str, request_id: bytes, *more: Field, detail: str = "", **members: object
) -> Answer:
    """Return the answer for a code; `members` are added to the body, `more` to the header."""
    kind = KINDS[code]
    body = {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": kind.status.value,
        "detail": detail or kind.detail,
        "code": code,
        "request_id": request_id.decode(),
        **members,
    }
    return content(_encoder.encode(body), PROBLEM_JSON, NO_STORE, *more, status=kind.status.value)


def problem_of(error: PlgError, request_id: bytes) -> Answer:  # noqa: PLR0911 - a table in prose
    """Return the answer for a failure; nothing that the source or a database said is in it."""
    match error:
        case InvalidParameter():
            return problem(error.code, request_id, detail=str(error), parameter=error.parameter)
        case Unauthenticated() | InsufficientScope():
            return _challenge(error, request_id)
        case RateExceeded():
            return _rate_problem(error, request_id)
        case QuotaExceeded():
            return _retry_problem(
                error.code,
                request_id,
                error.retry_after,
                str(error),
                **{"type": QUOTA_EXCEEDED, "violated-policies": [error.policy]},
            )
        case TooMany():
            return _retry_problem(error.code, request_id, error.retry_after, str(error))
        case Busy() | LedgerUnavailable():
            return _retry_problem(error.code, request_id, 1)
        case SourceError():
            return _source_problem(error, request_id)
        case InvalidRequest():
            return problem(error.code, request_id, detail=str(error))
        case Forbidden() | Conflict() | NotFound():
            return problem(error.code, request_id, detail=str(error))
        case _:
            kind = KINDS[error.code]
            return problem(error.code, request_id, detail=kind.detail or str(error))


def _challenge(error: Unauthenticated | InsufficientScope, request_id: bytes) -> Answer:
    challenge, detail, members = CHALLENGE, str(error), {}
    if isinstance(error, InvalidCredential):
        challenge += b', error="invalid_token"'
    elif isinstance(error, InsufficientScope):
        challenge += b', error="insufficient_scope", scope="%b"' % error.scope.encode()
        members["scope"] = error.scope
    else:
        detail = ""
    field = (b"www-authenticate", challenge)
    return problem(error.code, request_id, field, detail=detail, **members)


def _rate_problem(error: RateExceeded, request_id: bytes) -> Answer:
    violated = [rule.tier for rule in error.decision.violated]
    members = {"type": QUOTA_EXCEEDED, "violated-policies": violated}
    return _retry_problem(error.code, request_id, error.retry_after, str(error), **members)


def _source_problem(error: SourceError, request_id: bytes) -> Answer:
    if KINDS[error.code].status is not HTTPStatus.SERVICE_UNAVAILABLE:
        return problem(error.code, request_id)
    return _retry_problem(error.code, request_id, error.retry_after or SOURCE_RETRY_SECONDS)


def _retry_problem(
    code: str, request_id: bytes, seconds: float, detail: str = "", **members: object
) -> Answer:
    whole = max(1, math.ceil(seconds))
    retry = (b"retry-after", b"%d" % whole)
    return problem(code, request_id, retry, detail=detail, retry_after=whole, **members)
