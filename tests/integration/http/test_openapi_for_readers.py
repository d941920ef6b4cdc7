"""The OpenAPI document is easy to read in a page, to try there, and to make clients from."""

import shutil
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import pytest

from plg.domain.identity.access import Scope
from plg.entrypoints.http.endpoints import CountedRoute
from plg.entrypoints.http.gate.gate import BehindGate
from tests.integration.http.gateway import Gateway, open_gateway
from tests.integration.http.vault import WIDE, Vault

Document = dict[str, Any]

NEEDS_WHAT_NO_EXAMPLE_HAS: Final = {
    "POST /api/v1/auth/logout": 400,  # a key has no session
    "POST /api/v1/auth/password/change": 400,
    "POST /api/v1/auth/token/refresh": 401,
    "POST /api/v1/auth/get-token": 401,
    "POST /api/v1/auth/email/verify": 400,
    "POST /api/v1/auth/password/reset": 400,
}
"""What takes a secret that no example can know."""


@pytest.fixture
async def document(gateway: Gateway) -> Document:
    document: Document = (await gateway.get("/openapi.json")).json()
    return document


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


async def test_only_parameters_that_must_be_sent_have_an_example_that_forms_send(
    document: Document,
) -> None:
    misses = [
        f"{name}: {parameter['name']}"
        for name, operation in operations(document)
        for parameter in operation["parameters"]
        if parameter["required"] is not ("example" in parameter)
        or {"examples", "example"} & parameter["schema"].keys()
    ]

    assert misses == []


async def test_each_operation_says_which_credential_it_takes(document: Document) -> None:
    taken: tuple[list[Document], ...] = ([], [{"apiKey": []}, {"bearer": []}])

    assert [n for n, each in operations(document) if each.get("security") not in taken] == []


async def test_credentials_are_those_that_people_can_enter_a_key_first(
    document: Document,
) -> None:
    schemes = document["components"]["securitySchemes"]

    assert [(each["type"], each.get("name")) for each in schemes.values()] == [
        ("apiKey", "X-API-Key"),
        ("http", None),
    ]


async def test_each_problem_refers_to_the_one_answer_that_describes_it(document: Document) -> None:
    misses = [
        f"{name}: {status}"
        for name, operation in operations(document)
        for status, answer in operation["responses"].items()
        if "application/problem+json" in answer.get("content", {})
        or (status.startswith("4") and answer["$ref"] != "#/components/responses/Problem")
    ]

    assert misses == []


async def test_each_operation_says_how_it_may_refuse(document: Document) -> None:
    assert [n for n, each in operations(document) if "400" not in each["responses"]] == []


async def test_each_tag_has_a_text_and_operations(document: Document) -> None:
    used = [tag for _, operation in operations(document) for tag in operation["tags"]]
    texts = {each["name"]: each["description"] for each in document["tags"]}

    assert all(texts.values())
    assert set(used) == set(texts)
    assert len(texts) == len(document["tags"])


async def test_what_partners_use_comes_first_and_what_admins_use_last(
    gateway: Gateway, document: Document
) -> None:
    order = [each["name"] for each in document["tags"]]
    for_admins = {
        f"{method} {route.label}"
        for route in gateway.app.routes
        if isinstance(route, CountedRoute)
        for method, app in route.apps.items()
        if isinstance(app, BehindGate) and app.access.scope == Scope.ADMIN
    }

    assert (order[0], order[-1]) == ("players", "administration")
    assert [
        name
        for name, operation in operations(document)
        if (operation["tags"] == ["administration"]) is not (name in for_admins)
    ] == []


async def test_other_paths_of_an_operation_are_named_in_it_and_not_described_again(
    gateway: Gateway, document: Document
) -> None:
    described = dict(operations(document))
    by_app: dict[tuple[str, int], list[str]] = {}
    for route in gateway.app.routes:
        if isinstance(route, CountedRoute):
            for method, app in route.apps.items():
                by_app.setdefault((method, id(app)), []).append(route.label)

    aliases = {paths[0]: paths[1:] for (method, _), paths in by_app.items()
               if paths[1:] and f"{method} {paths[0]}" in described}  # fmt: skip
    assert "/health" in aliases
    for (method, _), (first, *others) in by_app.items():
        if f"{method} {first}" in described:
            for other in others:
                assert f"{method} {other}" not in described
                assert f"`{other}`" in described[f"{method} {first}"]["description"]


async def test_there_is_one_server_which_is_where_the_document_is(document: Document) -> None:
    assert document["servers"] == [{"url": "/"}]


async def test_what_a_form_sends_with_one_click_does_what_it_says_or_finds_nothing(
    furnished: tuple[Path, Vault], tmp_path: Path, stack: AsyncExitStack
) -> None:
    folder, vault = furnished
    shutil.copytree(folder, tmp_path / "data")
    gateway = await stack.enter_async_context(open_gateway(tmp_path / "data", **WIDE))
    document = (await gateway.get("/openapi.json")).json()
    refused = {}
    for name, operation in operations(document):
        method, path = name.split(" ")
        answer = await _click(gateway, vault["admin key"], method, path, operation)
        if answer not in (*range(200, 300), 404):
            refused[name] = answer

    assert refused == NEEDS_WHAT_NO_EXAMPLE_HAS


async def _click(gateway: Gateway, key: str, method: str, path: str, operation: Document) -> int:
    """Send what Swagger UI sends after one click: what must be sent, and a body's example."""
    query = {}
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
        elif parameter["required"]:
            query[parameter["name"]] = parameter["example"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    headers = {"X-API-Key": key} if operation["security"] else {}
    async with gateway.client(headers=headers) as client:
        sent = {"json": body["example"]} if body else {}
        answer = await client.request(method, path, params=query, **sent)
    return answer.status_code
