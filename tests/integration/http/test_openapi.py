"""The OpenAPI document is true: of its own form, in its examples, and to whoever believes it."""

import asyncio
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import validate
from referencing import Registry, Resource
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from plg.entrypoints.http.errors import KINDS
from plg.entrypoints.http.serving import server_config
from tests.integration.http.gateway import KEY, Gateway, open_gateway

DOCUMENT = "/openapi.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
BOTH_FORMS = {"X-API-Key": KEY, "Authorization": f"Bearer {KEY}"}
"""Over whatever is generated for either: two different ones are a 400."""


@pytest.fixture(scope="module")
def base_url(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a server in a thread, for clients that have no event loop."""
    folder = tmp_path_factory.mktemp("openapi") / "data"
    shutil.copytree(migrated, folder)
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    servers: list[uvicorn.Server] = []

    async def run() -> None:
        async with AsyncExitStack() as stack:
            opening = open_gateway(folder, PUBLIC_BASE_URL=address, REQUEST_LOG_RATIO="0")
            gateway = await stack.enter_async_context(opening)
            config = server_config(gateway.settings, gateway.app)
            config.lifespan = "off"  # the gateway is open already
            servers.append(uvicorn.Server(config))
            await servers[0].serve(sockets=[listener])

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    yield address
    servers[0].should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def document(base_url: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.get(base_url + DOCUMENT).raise_for_status().json()
    return answer


# Not `schemathesis.pytest`: its lazy loader reads what pytest 9.2 does not have any more.
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_server_keeps_what_the_document_promises(
    base_url: str, document: dict[str, Any], mode: GenerationMode
) -> None:
    api = schemathesis.openapi.from_dict(document)
    api.config.update(base_url=base_url)
    checked = 0
    for result in api.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        described = document["paths"][operation.path]["get"]
        if mode is GenerationMode.NEGATIVE and not described["parameters"]:
            continue  # nothing can be wrong with such a request

        @settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(mode))
        def believe(case: Case[Any]) -> None:
            case.call_and_validate(headers=BOTH_FORMS)

        believe()
        checked += 1
    assert checked >= (2 if mode is GenerationMode.NEGATIVE else len(document["paths"]))


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_each_example_is_what_its_schema_says(document: dict[str, Any]) -> None:
    examples = list(_examples(document))

    assert len(examples) >= 10
    for schema, example in examples:
        _validator(document, schema).validate(example)


async def test_each_operation_answers_its_own_examples(gateway: Gateway) -> None:
    document = (await gateway.get(DOCUMENT)).json()

    for path, item in document["paths"].items():
        operation = item["get"]
        target, query = path, {}
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                target = target.replace(f"{{{parameter['name']}}}", parameter["example"])
            else:
                query[parameter["name"]] = parameter["example"]
        answer = await gateway.get(str(httpx.URL(target, params=query)))
        described = operation["responses"][str(answer.status_code)]
        assert answer.status_code == 200
        for name in described.get("headers", {}):
            assert name in answer.headers
        media = answer.headers["content-type"].split(";")[0]
        schema = described["content"][media]["schema"]
        if media == "application/json":
            _validator(document, schema).validate(answer.json())


async def test_each_problem_that_is_met_is_described(gateway: Gateway) -> None:
    document = (await gateway.get(DOCUMENT)).json()
    described = document["paths"]["/api/v1/players/{killer_bi_id}"]["get"]["responses"]

    for answer in (
        await gateway.get("/api/v1/players/KB-999999"),
        await gateway.get(x_api_key="wrong"),
        await gateway.get(cache_control="only-if-cached"),
        await gateway.get("/api/v1/players/%FF"),
    ):
        text = described[str(answer.status_code)]["description"]
        assert f"`{answer.json()['code']}`" in text
        schema = described[str(answer.status_code)]["content"]["application/problem+json"]["schema"]
        _validator(document, schema).validate(answer.json())


def test_protected_operations_say_which_credential_they_want(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        is_protected = path.startswith("/api/") and "health" not in path
        assert ("security" in item["get"]) == is_protected


def test_only_problems_that_exist_are_described(document: dict[str, Any]) -> None:
    for item in document["paths"].values():
        for status, answer in item["get"]["responses"].items():
            if "application/problem+json" in answer.get("content", {}):
                codes = [part.split("`")[1] for part in answer["description"].split(";")]
                assert {str(KINDS[code].status.value) for code in codes} == {status}


def _examples(node: Any) -> Iterator[tuple[dict[str, Any], Any]]:  # noqa: ANN401 - any JSON
    if isinstance(node, dict):
        if "schema" in node and "example" in node:
            yield node["schema"], node["example"]
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from _examples(item)


def _validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    whole = Resource.from_contents(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **document}
    )
    registry: Registry[Any] = Registry().with_resource("urn:document", whole)
    reference = {"$ref": f"urn:document{schema['$ref']}"} if "$ref" in schema else schema
    return Draft202012Validator(reference, registry=registry)
