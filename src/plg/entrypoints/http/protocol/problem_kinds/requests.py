"""Problems of a request, and of how many there are."""

from http import HTTPStatus
from typing import Final

from plg.entrypoints.http.protocol.problem_kinds.kind import Kind

REQUESTS: Final[dict[str, Kind]] = {
    "invalid_request": Kind(
        HTTPStatus.BAD_REQUEST,
        "The request cannot be understood",
        "The request is not well-formed HTTP, or its credentials contradict each other.",
        "Correct what `detail` says.",
        "The request is not well-formed HTTP.",
    ),
    "invalid_parameter": Kind(
        HTTPStatus.BAD_REQUEST,
        "A parameter cannot be used",
        "The parameter in `parameter` is missing, repeated or malformed.",
        "Correct it as `detail` says.",
    ),
    "preflight_refused": Kind(
        HTTPStatus.BAD_REQUEST,
        "A page of this origin may not send this",
        "A browser's preflight asked for an origin, method or header that CORS does not allow; "
        "`detail` says which.",
        "Ask the operator to add the page's origin to `CORS_ALLOW_ORIGINS`, or use only the "
        "methods and headers in the API's documentation.",
    ),
    "rate_exceeded": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many requests",
        "The rate limits in `violated-policies` are used up.",
        "Wait for the seconds in `Retry-After`. `RateLimit` shows what is left before it is used "
        "up.",
    ),
    "quota_exceeded": Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        "The quota is used up",
        "A daily quota of the plan or a spend cap is used up; `violated-policies` says which: "
        "`daily`, `vins`, `spend`, or `daily:` with the name of a resource.",
        "All but `spend` start again after the seconds in `Retry-After`, and a larger plan has "
        "more. `spend` starts again with the month, in UTC: raise your own cap with `PUT "
        "/api/v1/billing/spend-cap`, or ask the operator to raise theirs. Closing a statement "
        "makes no room.",
    ),
    "idempotency_mismatch": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The idempotency key was used for something else",
        "The account used this `Idempotency-Key` for another request.",
        "Use a new key for each new request.",
        "This Idempotency-Key was used for another request.",
    ),
    "not_found": Kind(
        HTTPStatus.NOT_FOUND,
        "Not found",
        "There is no such path, or nothing with this id that the caller may see.",
        "Check the path in the API's documentation, or the id in its list.",
        "There is nothing at this path.",
    ),
    "archived": Kind(
        HTTPStatus.GONE,
        "The records were archived",
        "The usage records of this statement were moved to a file. The statement itself stays.",
        "Ask the operator for the file.",
    ),
    "no_match": Kind(
        HTTPStatus.NOT_FOUND,
        "There is no such record",
        "The source has no record under this id: it was asked just now, or a short time ago.",
        "Check the id.",
        "There is no record under this id.",
    ),
    "no_source": Kind(
        HTTPStatus.NOT_FOUND,
        "Records of this kind are not served here",
        "The operator configured no source for this kind of record.",
        "Use a gateway that serves it. Its operator sets `EXTERNAL_API_BASE_URL` for players and "
        "`VEHICLE_API_BASE_URL` for vehicles.",
    ),
    "conflict": Kind(
        HTTPStatus.CONFLICT,
        "The request contradicts the present state",
        "The request contradicts the present state; `detail` says how.",
        "Change that first.",
    ),
    "method_not_allowed": Kind(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "The path does not support this method",
        "The path does not support this method.",
        "Use a method from the header `Allow`.",
        "This path does not take this method.",
    ),
    "request_timeout": Kind(
        HTTPStatus.REQUEST_TIMEOUT,
        "The request took too long to arrive",
        "The head of the request did not arrive completely within `API_REQUEST_TIMEOUT_SECONDS`.",
        "Send the whole request at once, and try again.",
        "The request did not arrive completely in time.",
    ),
    "payload_too_large": Kind(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "The body is too large",
        "The body is larger than 64 KiB.",
        "Send a smaller one; no route needs as much.",
        "The body is larger than 64 KiB.",
    ),
    "unsupported_media_type": Kind(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "The body is of the wrong type",
        "The body's `Content-Type` is not JSON.",
        "Send `Content-Type: application/json`.",
        "The body must be application/json.",
    ),
    "uri_too_long": Kind(
        HTTPStatus.REQUEST_URI_TOO_LONG,
        "The address is too long",
        "Path and query are longer than 8 KiB.",
        "Shorten them.",
        "Path and query are longer than 8 KiB.",
    ),
    "not_implemented": Kind(
        HTTPStatus.NOT_IMPLEMENTED,
        "The request needs something that is not supported",
        "The body has a `Transfer-Encoding` other than `chunked`, or the method is CONNECT.",
        "Send the body with its `Content-Length`, or with `Transfer-Encoding: chunked` alone; use "
        "another method than CONNECT.",
        "The request needs something that the gateway does not have.",
    ),
    "version_not_supported": Kind(
        HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
        "The HTTP version is not supported",
        "The HTTP version is neither 1.1 nor 1.0.",
        "Use HTTP/1.1. A proxy in front of the gateway can speak later versions with clients.",
        "The gateway speaks HTTP/1.1 and HTTP/1.0.",
    ),
    "headers_too_large": Kind(
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "The headers are too large",
        "The request has more than 100 header fields, or more than 32 KiB of them.",
        "Send fewer or smaller headers; cookies are a frequent cause.",
        "The header fields are more than 100, or larger than 32 KiB.",
    ),
}
