"""The OpenAPI 3.1 document, made from the routes and the types of their answers."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from plg import __version__
from plg.entrypoints.http.docs.operations import REF, described
from plg.entrypoints.http.docs.problems import PROBLEM_RESPONSE, PROBLEM_RESPONSE_NAME, Problem
from plg.entrypoints.http.docs.tags import described as described_tags
from plg.entrypoints.http.docs.webhooks import EVENTS, webhooks
from plg.entrypoints.http.endpoints import Endpoint, Operation

DESCRIPTION: Final = """\
A cached, keyed, metered read API in front of a slow, private or fragile source.

[How to use this API, step by step]({guide})

Send your key in `X-API-Key`. A failure is a problem (RFC 9457): its `code` says what happened, \
and its `type` leads to a page that says what to do."""

SECURITY_SCHEMES: Final = {
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The service key, or an account's key: `plg_live_...`. This is what most "
        "programs use. Enter either this or a token: two credentials in one request are refused.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The access token of a log-in or of a device; keys are taken too. A device "
        "can sign its requests instead (RFC 9421), which no form can do.",
    },
}


def openapi_json(endpoints: Iterable[Endpoint], guide: str) -> bytes:
    """Return the document as JSON."""
    return msgspec.json.encode(openapi(endpoints, guide))


def openapi(endpoints: Iterable[Endpoint], guide: str) -> dict[str, Any]:
    """
    Return the document as a JSON value; an operation with several paths stands there once.

    Args:
        endpoints: The routes; of those without an operation nothing is said.
        guide: Where the guide for users of the API is.
    """
    operations = _paths_of(endpoints)
    paths: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for endpoint, operation, others in operations:
        paths[endpoint.path][endpoint.method.lower()] = described(endpoint, operation, others)
    tags = {tag for item in paths.values() for each in item.values() for tag in each["tags"]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "PLG",
            "version": __version__,
            "description": DESCRIPTION.format(guide=guide),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": described_tags(tags),
        "paths": dict(paths),
        "webhooks": webhooks(REF),
        "components": {
            "schemas": _schemas(operation for _, operation, _ in operations),
            "responses": {PROBLEM_RESPONSE_NAME: PROBLEM_RESPONSE},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _paths_of(endpoints: Iterable[Endpoint]) -> list[tuple[Endpoint, Operation, list[str]]]:
    """Return each operation under its first path, with the others that lead to it."""
    found: dict[tuple[str, int, int], tuple[Endpoint, Operation, list[str]]] = {}
    for endpoint in endpoints:
        if endpoint.operation is None:
            continue
        same = (endpoint.method, id(endpoint.app), id(endpoint.operation))
        if same in found:
            found[same][2].append(endpoint.path)
        else:
            found[same] = (endpoint, endpoint.operation, [])
    return list(found.values())


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    types = {
        kind
        for operation in operations
        for kind in (operation.answer, operation.body)
        if kind is not None
    }
    by_name = sorted(types, key=lambda item: str(item.__name__))
    _, schemas = msgspec.json.schema_components([*by_name, *EVENTS, Problem], ref_template=REF)
    return schemas
