"""What the OpenAPI document says of one operation."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from plg.domain.identity.access import Scope
from plg.entrypoints.http.docs.problems import problem_responses
from plg.entrypoints.http.docs.tags import ADMINISTRATION
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.gate.gate import BehindGate, Public
from plg.entrypoints.http.gate.records import GuardedRecord

REF: Final = "#/components/schemas/{name}"
SECURITY: Final[list[dict[str, list[str]]]] = [{"apiKey": []}, {"bearer": []}]
COUNTED: Final = ("rate_exceeded", "storage_unavailable")
GUARDED: Final = (
    "missing_credential",
    "invalid_credential",
    "insufficient_scope",
    *COUNTED,
)
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


def described(endpoint: Endpoint, operation: Operation, others: Sequence[str]) -> dict[str, Any]:
    """Return what is said of an operation; `others` are further paths that lead to it."""
    slug = endpoint.path.strip("/").replace("/", "_").replace("{", "").replace("}", "")
    members: dict[str, Any] = {
        "operationId": f"{endpoint.method.lower()}_{slug or 'root'}",
        "summary": operation.summary,
        "description": _description(endpoint, operation, others),
        "tags": [_tag(endpoint, operation)],
        "parameters": [_parameter(item) for item in _parameters(endpoint, operation)],
        "responses": _responses(endpoint, operation),
        "security": [] if endpoint.access is None else SECURITY,
    }
    if operation.body is not None:
        members["requestBody"] = _body(operation)
    return members


def _tag(endpoint: Endpoint, operation: Operation) -> str:
    """Return its group: what only administrators may do stands apart, whatever it is about."""
    is_admins = endpoint.access is not None and endpoint.access.scope is Scope.ADMIN
    return ADMINISTRATION if is_admins else operation.tag


def _description(endpoint: Endpoint, operation: Operation, others: Sequence[str]) -> str:
    paragraphs = [operation.description]
    if others:
        paths = ", ".join(f"`{path}`" for path in others)
        paragraphs.append(f"Other paths that answer the same: {paths}.")
    if endpoint.access is not None:
        tier = endpoint.access.tier
        limits = "burst and sustained" if tier is None else f"burst, sustained and {tier}"
        scope = endpoint.access.scope
        needs = "any credential" if scope is None else f"the scope `{scope}`"
        paragraphs.append(f"Needs {needs}; counts against the limits {limits}.")
    return "\n\n".join(paragraphs)


def _parameters(endpoint: Endpoint, operation: Operation) -> tuple[Parameter, ...]:
    return (*operation.parameters, REPEAT_KEY) if _is_metered(endpoint) else operation.parameters


def _is_metered(endpoint: Endpoint) -> bool:
    return isinstance(endpoint.app, GuardedRecord)


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter; forms send an `example`, so only what must be sent has one."""
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.is_required,
        "description": parameter.description,
        "schema": ID_SCHEMA if parameter.schema is None else dict(parameter.schema),
    }
    if parameter.is_required:
        described["example"] = parameter.example
    elif parameter.example not in described["schema"].values():
        described["description"] += f" Such as `{parameter.example}`."
    return described


def _body(operation: Operation) -> dict[str, Any]:
    media: dict[str, Any] = {"schema": {"$ref": REF.format(name=operation.body.__name__)}}
    if operation.body_example is not None:
        media["example"] = operation.body_example
    return {"required": operation.needs_body, "content": {"application/json": media}}


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
    return responses | problem_responses(_codes(endpoint, operation))


def _media(operation: Operation) -> dict[str, Any]:
    if operation.answer is None:
        return {"schema": {"type": "string"} if operation.schema is None else operation.schema}
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


def _codes(endpoint: Endpoint, operation: Operation) -> set[str]:
    codes = {"invalid_request", *operation.problems}
    if isinstance(endpoint.app, BehindGate):
        codes.update(GUARDED)
    elif isinstance(endpoint.app, Public):
        codes.update(COUNTED)
    if _is_metered(endpoint):
        codes.update(METERED)
    if operation.body is not None:
        codes.update(WITH_BODY)
    if operation.parameters:
        codes.add("uri_too_long")
    return codes


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
