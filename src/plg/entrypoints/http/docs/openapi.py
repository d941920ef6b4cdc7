"""The OpenAPI 3.1 document, made from the routes and the types of their answers."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from plg import __version__
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.errors import KINDS

REF: Final = "#/components/schemas/{name}"
SECURITY: Final[list[dict[str, list[str]]]] = [{"apiKey": []}, {"bearer": []}]


class Problem(msgspec.Struct):
    """A failure (RFC 9457); some codes add members of their own."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str


def openapi(endpoints: Iterable[Endpoint], server: str) -> dict[str, Any]:
    """Return the document as a JSON value."""
    documented = [(item, item.operation) for item in endpoints if item.operation is not None]
    types = {item.answer for _, item in documented if item.answer is not None}
    _, schemas = msgspec.json.schema_components(
        [*sorted(types, key=lambda item: str(item.__name__)), Problem], ref_template=REF
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "PLG",
            "version": __version__,
            "description": "A cached, keyed read API in front of a slow or private source.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "where this document is"}, {"url": server}],
        "paths": {
            item.path: {"get": _operation(item, operation)} for item, operation in documented
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(endpoint: Endpoint, operation: Operation) -> dict[str, Any]:
    slug = endpoint.path.strip("/").replace("/", "_").replace("{", "").replace("}", "")
    described: dict[str, Any] = {
        "operationId": f"get_{slug or 'root'}",
        "summary": operation.summary,
        "description": operation.description,
        "tags": [operation.tag],
        "parameters": [_parameter(item) for item in operation.parameters],
        "responses": _responses(operation),
    }
    if endpoint.access is not None:
        described["security"] = SECURITY
    return described


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": True,
        "description": parameter.description,
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": 128,
            "pattern": r"^[^\s\x00-\x1f\x7f-\x9f]+$",
        },
        "example": parameter.example,
    }


def _responses(operation: Operation) -> dict[str, Any]:
    success: dict[str, Any] = {"description": operation.summary}
    if operation.answer is not None:
        media: dict[str, Any] = {"schema": {"$ref": REF.format(name=operation.answer.__name__)}}
        if operation.example is not None:
            media["example"] = operation.example
        success["content"] = {operation.media_type: media}
    else:
        success["content"] = {operation.media_type: {"schema": {"type": "string"}}}
    responses: dict[str, Any] = {"200": success}
    if operation.is_record:
        success["headers"] = _RECORD_HEADERS
        responses["304"] = {"description": "The client has this representation already"}
    if operation.tag == "health" and operation.answer is not None:
        responses["503"] = {**success, "description": "Requests should be sent elsewhere"}
    responses.update(_problems(operation.problems))
    return responses


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
