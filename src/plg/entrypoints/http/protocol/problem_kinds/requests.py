"""Problems of a request, and of how many there are."""

from http import HTTPStatus
from typing import Final

from plg.entrypoints.http.protocol.problem_kinds.kind import Kind

REQUESTS: Final[dict[str, Kind]] = {
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
    "preflight_refused": Kind(
        HTTPStatus.BAD_REQUEST,
        "A page of this origin may not send this",
        "Ask the operator to name the page's origin in `CORS_ALLOW_ORIGINS`, or send nothing but "
        "the methods and headers that the API's documentation names.",
    ),
    "rate_exceeded": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many requests",
        "Wait for the seconds in `Retry-After`; `RateLimit` tells what is left before it is spent.",
    ),
    "quota_exceeded": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        "The quota is used up",
        "`violated-policies` names it. `daily` and `vins` begin anew after the seconds in "
        "`Retry-After`, and a larger plan has more. `spend` begins anew with the month, in UTC: a "
        "cap of your own is raised with `PUT /api/v1/billing/spend-cap`, another by the operator. "
        "Closing a statement makes no room.",
    ),
    "idempotency_mismatch": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The idempotency key was used for something else",
        "Use a new key for each new request.",
        "This Idempotency-Key was used for another request.",
    ),
    "not_found": Kind(
        HTTPStatus.NOT_FOUND,
        "What is asked for is not there",
        "Look the path up in the API's documentation, or the id in its list.",
        "There is nothing at this path.",
    ),
    "archived": Kind(
        HTTPStatus.GONE,
        "The records were archived",
        "Ask the operator for the file that they were moved to; the statement itself stays here.",
    ),
    "no_match": Kind(
        HTTPStatus.NOT_FOUND,
        "There is no such record",
        "Check the id. The source was asked, or said so a moment ago, and has no record under it.",
        "There is no record under this id.",
    ),
    "no_source": Kind(
        HTTPStatus.NOT_FOUND,
        "Records of this kind are not served here",
        "Ask the gateway that serves them. Its operator sets `EXTERNAL_API_BASE_URL` for players, "
        "`VEHICLE_API_BASE_URL` for vehicles.",
    ),
    "conflict": Kind(
        HTTPStatus.CONFLICT,
        "The request contradicts what is there",
        "Change what the answer's `detail` names first.",
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
    "not_implemented": Kind(
        HTTPStatus.NOT_IMPLEMENTED,
        "The request needs what is not there",
        "Send a body with its `Content-Length`, or with `Transfer-Encoding: chunked` alone; ask "
        "with another method than CONNECT.",
        "The request needs something that the gateway does not have.",
    ),
    "version_not_supported": Kind(
        HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
        "The version of HTTP is not spoken here",
        "Ask with HTTP/1.1. A proxy in front can speak later versions with clients.",
        "The gateway speaks HTTP/1.1 and HTTP/1.0.",
    ),
    "headers_too_large": Kind(
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "The headers are too large",
        "Send at most 100 header fields with 32 KiB in all.",
        "The header fields are more than 100, or larger than 32 KiB.",
    ),
}
