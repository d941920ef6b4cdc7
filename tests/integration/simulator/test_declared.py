"""The simulator serves declared resources, from their example keys and schemas."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from plg.adapters.upstream.declared_documents import find_document
from plg.domain.records.declared.keys import DeclaredKey
from plg.domain.records.declared.resources import HttpLookup
from plg.domain.records.declared.schemas import schema_of
from plg.entrypoints.simulator.app import Simulator, SimulatorConfig, create_simulator
from plg.entrypoints.simulator.faults import GarbageKind
from plg.settings.resources.file import catalogue_of
from tests.integration.simulator.recorded_sleep import RecordedSleep

SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "price": {"type": "number", "minimum": 1, "maximum": 2},
        "state": {"enum": ["new", "used"]},
        "made": {"type": "string", "format": "date-time"},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/part"}, "minItems": 2},
        "note": {"type": ["null", "string"], "maxLength": 5},
        "size": {"allOf": [{"$ref": "#/$defs/part"}], "properties": {"unit": {"const": "mm"}}},
    },
    "required": ["id", "price", "state", "made", "parts", "note", "size"],
    "$defs": {"part": {"type": "object", "properties": {"width": {"type": "integer"}}}},
}
DECLARED: dict[str, Any] = {
    "source": {"erp": {"base_url": "https://erp.internal/v2"}, "stock": {"file": "stock.csv"}},
    "resource": {
        "products": {
            "source": "erp",
            "get": "/items/{sku}",
            "record": "/data",
            "match": "/id",
            "key": {"pattern": "[A-Z]{2}-[0-9]{1,4}", "fold": "upper", "example": "AB-100"},
            "schema": SCHEMA,
        },
        "orders": {
            "source": "erp",
            "get": "/search?kind=order&number={number}",
            "match": "/meta/number",
            "key": {"type": "integer", "example": 7},
        },
        "stock": {"source": "stock", "match": "/sku"},
    },
}
CATALOGUE = catalogue_of(DECLARED, {}, "resources.toml", Path())
PRODUCTS = CATALOGUE.resources[0]
BASE_URLS = {"erp": "https://erp.internal/v2"}


@pytest.fixture
def simulator(sleep: RecordedSleep) -> Simulator:
    config = SimulatorConfig(seed=7, declared=CATALOGUE.resources, base_urls=BASE_URLS)
    return create_simulator(config, sleep=sleep)


@pytest.fixture
async def client(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=simulator)
    async with httpx.AsyncClient(transport=transport, base_url="http://source.test") as client:
        yield client


def record_in(body: bytes, key: str) -> bytes | None:
    lookup = PRODUCTS.lookup
    assert isinstance(lookup, HttpLookup)
    return find_document(body, DeclaredKey(key), PRODUCTS.key, lookup.record, lookup.match)


async def test_a_record_meets_its_schema_where_the_declaration_looks_for_it(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/v2/items/AB-1")

    Draft202012Validator(SCHEMA).validate(response.json()["data"])
    assert record_in(response.content, "AB-1") is not None
    assert (await client.get("/v2/items/AB-1")).content == response.content
    assert (await client.get("/v2/items/AB-2")).json()["data"]["id"] == "AB-2"


async def test_a_key_in_a_query_is_found_there(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/v2/search?kind=order&number=12")).json()

    assert answer["meta"] == {"number": 12}


@pytest.mark.parametrize("path", ["/v2/items/AB-200", "/v2/items/a", "/v2/items/AB-10000"])
async def test_some_keys_have_no_record(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_the_example_has_one_in_any_case_until_it_is_gone(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    assert (await client.get("/v2/items/AB-100")).status_code == 200
    simulator.control(gone=["AB-100"])
    assert (await client.get("/v2/items/AB-100")).status_code == 404


async def test_a_new_version_changes_what_a_record_says(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    before = (await client.get("/v2/items/AB-1")).json()["data"]
    simulator.control(version=2)
    after = (await client.get("/v2/items/AB-1")).json()["data"]

    assert (after["id"], after != before) == ("AB-1", True)


async def test_it_fails_as_players_do(client: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.control(error_ratio=1, error_status=503)

    assert (await client.get("/v2/items/AB-1")).status_code == 503
    assert (await client.get("/_stats")).json()["by_result"] == {"error": 1}


@pytest.mark.parametrize("kind", [GarbageKind.OVERSIZE, GarbageKind.DEEP_NESTING])
async def test_garbage_breaks_one_rule_only(
    client: httpx.AsyncClient, simulator: Simulator, kind: GarbageKind
) -> None:
    simulator.control(garbage_ratio=1, garbage_kind=kind)
    body = (await client.get("/v2/items/AB-1")).content

    harmless = re.sub(rb"\[+\]+", b"[]", body) if kind is GarbageKind.DEEP_NESTING else body
    assert record_in(harmless, "AB-1") is not None


async def test_players_are_there_as_well(client: httpx.AsyncClient) -> None:
    assert len((await client.get("/players?killer_bi_id=KB-000001")).json()) == 1


values = st.recursive(
    st.booleans() | st.integers(0, 1000) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=4), values, max_size=5))
async def test_what_init_infers_can_be_simulated(record: dict[str, Any]) -> None:
    schema = schema_of({**record, "id": "AB-1"}, "products", ("id",))
    products = {**DECLARED["resource"]["products"], "schema": schema}
    declared = {"source": DECLARED["source"], "resource": {"products": products}}
    specs = catalogue_of(declared, {}, "resources.toml", Path()).resources
    simulator = create_simulator(SimulatorConfig(declared=specs, base_urls=BASE_URLS))
    transport = httpx.ASGITransport(app=simulator)
    async with httpx.AsyncClient(transport=transport, base_url="http://source.test") as client:
        answer = (await client.get("/v2/items/AB-1")).json()

    Draft202012Validator(schema).validate(answer["data"])
