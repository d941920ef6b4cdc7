"""The OpenAPI document is true in itself: in its form, its examples and its problems."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import validate
from referencing import Registry, Resource

from plg.entrypoints.http.endpoints import CountedRoute
from plg.entrypoints.http.gate.gate import BehindGate
from plg.entrypoints.http.gate.records import GuardedRecord
from plg.entrypoints.http.protocol.problem_kinds import KINDS
from tests.integration.http.gateway import Gateway

DOCUMENT: Final = "/openapi.json"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Document = dict[str, Any]


@pytest.fixture
async def document(gateway: Gateway) -> Document:
    document: Document = (await gateway.get(DOCUMENT)).json()
    return document


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


async def test_it_is_openapi_3_1(document: Document) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


async def test_what_it_refers_to_is_there(document: Document) -> None:
    references = {node["$ref"] for node in _nodes(document) if "$ref" in node}

    assert references
    for reference in references:
        _, _, kind, name = reference.split("/")
        assert name in document["components"][kind], reference


async def test_each_operation_has_an_id_of_its_own(document: Document) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]

    assert len(ids) == len(set(ids))


async def test_each_example_is_what_its_schema_says(document: Document) -> None:
    examples = [
        (node["schema"], node["example"])
        for node in _nodes(document)
        if "schema" in node and "example" in node
    ]

    assert len(examples) >= 50
    for schema, example in examples:
        _validator(document, schema).validate(example)


async def test_what_it_says_is_protected_is_guarded_and_nothing_else(
    gateway: Gateway, document: Document
) -> None:
    guarded = {
        (method, route.label)
        for route in gateway.app.routes
        if isinstance(route, CountedRoute)
        for method, app in route.apps.items()
        if isinstance(app, BehindGate)
    }

    for method, path, operation in operations(document):
        demands: list[Document] = (
            [{"apiKey": []}, {"bearer": []}] if (method, path) in guarded else []
        )
        assert operation["security"] == demands, (method, path)
        assert ("401" in operation["responses"]) >= ((method, path) in guarded)


async def test_every_route_that_takes_a_credential_is_described(
    gateway: Gateway, document: Document
) -> None:
    described = {(method, path) for method, path, _ in operations(document)}

    for route in gateway.app.routes:
        if isinstance(route, CountedRoute):
            for method, app in route.apps.items():
                if isinstance(app, BehindGate) and method != "HEAD":
                    assert (method, route.label) in described


async def test_only_problems_that_exist_are_described(document: Document) -> None:
    for _, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            if "$ref" in answer:
                codes = [part.split("`")[1] for part in answer["description"].split("; `")[:1]]
                codes += [part.split("`")[0] for part in answer["description"].split("; `")[1:]]
                assert {str(KINDS[code].status.value) for code in codes} == {status}


async def test_what_is_counted_says_how_that_may_fail(gateway: Gateway, document: Document) -> None:
    counted = {
        (method, route.label)
        for route in gateway.app.routes
        if isinstance(route, CountedRoute)
        for method, app in route.apps.items()
        if isinstance(app, GuardedRecord)
    }

    assert counted
    for method, path, operation in operations(document):
        answers = operation["responses"]
        told = all(
            f"`{code}`" in answers.get(status, {}).get("description", "")
            for code, status in (
                ("quota_exceeded", "429"),
                ("idempotency_mismatch", "422"),
                ("ledger_unavailable", "503"),
            )
        )
        names = {each["name"] for each in operation["parameters"]}
        bills = path.endswith(("/billing/pay", "/credit"))
        assert told is ((method, path) in counted), (method, path)
        assert ("Idempotency-Key" in names) is (told or bills), (method, path)


async def test_open_operations_and_lookups_answer_their_own_examples(
    gateway: Gateway, document: Document
) -> None:
    asked = 0
    for method, path, operation in operations(document):
        is_lookup = "players" in path or path == "/api/"
        if method != "GET" or (operation["security"] and not is_lookup):
            continue
        answer = await gateway.get(_target(path, operation))
        described = operation["responses"][str(answer.status_code)]
        assert answer.status_code == 200, path
        for name in described.get("headers", {}):
            assert name in answer.headers
        media = answer.headers["content-type"].split(";")[0]
        if media == "application/json":
            _validator(document, described["content"][media]["schema"]).validate(answer.json())
        asked += 1
    assert asked >= 7


async def test_each_problem_that_is_met_is_described(gateway: Gateway, document: Document) -> None:
    described = document["paths"]["/api/v1/players/{killer_bi_id}"]["get"]["responses"]

    for answer in (
        await gateway.get("/api/v1/players/KB-999999"),
        await gateway.get(x_api_key="wrong"),
        await gateway.get(cache_control="only-if-cached"),
        await gateway.get("/api/v1/players/%FF"),
    ):
        text = described[str(answer.status_code)]["description"]
        assert f"`{answer.json()['code']}`" in text
        _validator(document, {"$ref": "#/components/schemas/Problem"}).validate(answer.json())


def _target(path: str, operation: Document) -> str:
    """Return what the examples of the parameters make of a path."""
    query = {}
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
        elif parameter["required"]:
            query[parameter["name"]] = parameter["example"]
    return str(httpx.URL(path, params=query))


def _nodes(node: Any) -> Iterator[Document]:  # noqa: ANN401 - any JSON
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from _nodes(item)


def _validator(document: Document, schema: Document) -> Draft202012Validator:
    whole = Resource.from_contents({"$schema": DIALECT, **document})
    registry: Registry[Any] = Registry().with_resource("urn:document", whole)
    return Draft202012Validator(_anchored(schema), registry=registry)


def _anchored(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a schema whose references lead into the document."""
    if isinstance(node, list):
        return [_anchored(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: f"urn:document{value}" if key == "$ref" else _anchored(value)
        for key, value in node.items()
    }
