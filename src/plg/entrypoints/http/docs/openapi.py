"""The OpenAPI 3.1 document, made from the routes and the types of their answers."""

from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

import msgspec

from plg import __version__
from plg.entrypoints.http.docs.webhooks import EVENTS, webhooks
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.gate import Guarded, Public
from plg.entrypoints.http.problem_kinds import KINDS

REF: Final = "#/components/schemas/{name}"
SECURITY: Final[list[dict[str, list[str]]]] = [{"apiKey": []}, {"bearer": []}, {"signature": []}]
GUARDED: Final = (
    "invalid_request",
    "missing_credential",
    "invalid_credential",
    "insufficient_scope",
    "rate_exceeded",
    "limiter_unavailable",
    "storage_unavailable",
)
COUNTED: Final = ("invalid_request", "rate_exceeded", "limiter_unavailable", "storage_unavailable")
METERED: Final = (
    "invalid_parameter",
    "quota_exceeded",
    "idempotency_mismatch",
    "ledger_unavailable",
)
WITH_BODY: Final = ("invalid_parameter", "unsupported_media_type", "payload_too_large")
ID_SCHEMA: Final = {
    "type": "string",
    "minLength": 1,
    "maxLength": 128,
    "pattern": r"^[^\s\x00-\x1f\x7f-\x9f]+$",
}

REPEAT_KEY: Final = Parameter(
    "Idempotency-Key",
    "header",
    "The same key for the same record within a day is billed once, as long as the record is the "
    "same.",
    "report-7",
    {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
    is_required=False,
)

SECURITY_SCHEMES: Final = {
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The service key, or an account's key: `plg_live_...`.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of a log-in or of a device; keys are taken too.",
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "A device's signature of the request (RFC 9421), with `Signature-Input`.",
    },
}


class Problem(msgspec.Struct):
    """A failure (RFC 9457); some codes add members of their own."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str


def openapi_json(endpoints: Iterable[Endpoint], server: str) -> bytes:
    """Return the document as JSON."""
    return msgspec.json.encode(openapi(endpoints, server))


def openapi(endpoints: Iterable[Endpoint], server: str) -> dict[str, Any]:
    """Return the document as a JSON value."""
    documented = [(item, item.operation) for item in endpoints if item.operation is not None]
    types = {
        kind
        for _, operation in documented
        for kind in (operation.answer, operation.body)
        if kind is not None
    }
    _, schemas = msgspec.json.schema_components(
        [*sorted(types, key=lambda item: str(item.__name__)), *EVENTS, Problem], ref_template=REF
    )
    paths: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for item, operation in documented:
        paths[item.path][item.method.lower()] = _operation(item, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "PLG",
            "version": __version__,
            "description": "A cached, keyed, metered read API in front of a slow, private or "
            "fragile source.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "where this document is"}, {"url": server}],
        "paths": dict(paths),
        "webhooks": webhooks(REF),
        "components": {"schemas": schemas, "securitySchemes": SECURITY_SCHEMES},
    }


def _operation(endpoint: Endpoint, operation: Operation) -> dict[str, Any]:
    slug = endpoint.path.strip("/").replace("/", "_").replace("{", "").replace("}", "")
    described: dict[str, Any] = {
        "operationId": f"{endpoint.method.lower()}_{slug or 'root'}",
        "summary": operation.summary,
        "description": _description(endpoint, operation),
        "tags": [operation.tag],
        "parameters": [_parameter(item) for item in _parameters(endpoint, operation)],
        "responses": _responses(endpoint, operation),
    }
    if operation.body is not None:
        described["requestBody"] = _body(operation)
    if endpoint.access is not None:
        described["security"] = SECURITY
    return described


def _description(endpoint: Endpoint, operation: Operation) -> str:
    if endpoint.access is None:
        return operation.description
    tier = endpoint.access.tier
    limits = "burst and sustained" if tier is None else f"burst, sustained and {tier}"
    scope = endpoint.access.scope
    needs = "any credential" if scope is None else f"the scope `{scope}`"
    return f"{operation.description}\n\nNeeds {needs}; counts against the limits {limits}."


def _parameters(endpoint: Endpoint, operation: Operation) -> tuple[Parameter, ...]:
    return (*operation.parameters, REPEAT_KEY) if _is_metered(endpoint) else operation.parameters


def _is_metered(endpoint: Endpoint) -> bool:
    return isinstance(endpoint.app, Guarded) and endpoint.app.meter is not None


def _body(operation: Operation) -> dict[str, Any]:
    media: dict[str, Any] = {"schema": {"$ref": REF.format(name=operation.body.__name__)}}
    if operation.body_example is not None:
        media["example"] = operation.body_example
    return {"required": operation.needs_body, "content": {"application/json": media}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.is_required,
        "description": parameter.description,
        "schema": ID_SCHEMA if parameter.schema is None else dict(parameter.schema),
        "example": parameter.example,
    }


def _responses(endpoint: Endpoint, operation: Operation) -> dict[str, Any]:
    success: dict[str, Any] = {"description": operation.summary}
    if operation.status != HTTPStatus.NO_CONTENT:
        success["content"] = {operation.media_type: _media(operation)}
    responses: dict[str, Any] = {str(operation.status): success}
    if operation.is_record:
        success["headers"] = _RECORD_HEADERS
        responses["304"] = {"description": "The client has this representation already"}
    if operation.tag == "health" and operation.answer is not None:
        responses["503"] = {**success, "description": "Requests should be sent elsewhere"}
    responses.update(_problems(_codes(endpoint, operation)))
    return responses


def _media(operation: Operation) -> dict[str, Any]:
    if operation.answer is None:
        return {"schema": {"type": "string"}}
    schema: dict[str, Any] = {"$ref": REF.format(name=operation.answer.__name__)}
    if operation.is_page:
        schema = {
            "type": "object",
            "required": ["items", "next_cursor"],
            "properties": {
                "items": {"type": "array", "items": schema},
                "next_cursor": {"type": ["string", "null"]},
            },
        }
    media: dict[str, Any] = {"schema": schema}
    if operation.example is not None:
        media["example"] = operation.example
    return media


def _codes(endpoint: Endpoint, operation: Operation) -> tuple[str, ...]:
    codes = set(operation.problems)
    if isinstance(endpoint.app, Guarded):
        codes.update(GUARDED)
    elif isinstance(endpoint.app, Public):
        codes.update(COUNTED)
    if _is_metered(endpoint):
        codes.update(METERED)
    if operation.body is not None:
        codes.update(WITH_BODY)
    if operation.parameters:
        codes.add("uri_too_long")
    return tuple(codes)


def _problems(codes: tuple[str, ...]) -> dict[str, Any]:
    by_status: defaultdict[str, list[str]] = defaultdict(list)
    for code in codes:
        by_status[str(KINDS[code].status.value)].append(code)
    return {
        status: {
            "description": "; ".join(f"`{code}`: {KINDS[code].title}" for code in sorted(group)),
            "content": {
                "application/problem+json": {"schema": {"$ref": REF.format(name="Problem")}}
            },
        }
        for status, group in sorted(by_status.items())
    }


def _header(description: str, example: str | int) -> dict[str, Any]:
    kind = "integer" if isinstance(example, int) else "string"
    return {"description": description, "schema": {"type": kind}, "example": example}


_RECORD_HEADERS: Final = {
    "ETag": _header("Strong entity tag of this representation", '"IwMJZr5OwLEFmcli"'),
    "Age": _header("Seconds since the source confirmed it", 12),
    "Cache-Control": _header(
        "How long it is fresh",
        "private, max-age=3600, stale-while-revalidate=60, stale-if-error=86400",
    ),
    "Cache-Status": _header("How the answer came about (RFC 9211)", "plg; hit; ttl=376"),
}
