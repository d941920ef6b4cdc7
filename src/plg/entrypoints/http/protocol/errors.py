"""Failures as RFC 9457 problems."""

import math
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
from plg.entrypoints.http.protocol.answers import NO_STORE, Answer, content
from plg.entrypoints.http.protocol.fields import Field
from plg.entrypoints.http.protocol.problem_kinds import KINDS

PROBLEM_JSON: Final = b"application/problem+json"
CHALLENGE: Final = b'Bearer realm="plg"'
SOURCE_RETRY_SECONDS: Final = 1
QUOTA_EXCEEDED: Final = "https://iana.org/assignments/http-problem-types#quota-exceeded"
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
