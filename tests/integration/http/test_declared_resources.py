"""Declared resources over HTTP: from sources over HTTP, SQL and files, to billed answers."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from plg.application.plans.override_plan import NewOverride
from plg.domain.audit import OPERATOR
from plg.domain.identity.accounts import Role
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.plans.plans import ResourceTerms
from plg.domain.plans.terms import Terms
from tests.integration.http.conftest import OpenGateway, Serve
from tests.integration.http.gateway import SOURCE_HOST, Gateway
from tests.integration.http.keyholders import account_in, ask, key_in
from tests.integration.http.test_metering import records
from tests.integration.http.wire import request

FILE = f"""
[source.erp]
base_url = "http://{SOURCE_HOST}/hidden/v2"
headers = {{ Authorization = "Bearer ${{ERP_TOKEN}}" }}

[resource.products]
source = "erp"
get = "/items/{{sku}}?all=1"
record = "/data"
match = "/id"
path = ["/api/v1/products/{{sku}}", "/api/v1/goods/{{sku}}", "/api/v1/items?sku={{sku}}"]
key = {{ pattern = "[A-Z0-9/-]{{3,40}}", fold = "upper", example = "AB-1" }}
answer = "envelope"
ttl_seconds = 50
distinct = "sku"
schema = {{ type = "object", properties = {{ price = {{ type = "number" }} }} }}

[resource.tags]
source = "erp"
get = "/tags/{{tag}}"
metered = false

[source.shop]
sql = "sqlite:///shop.db"
[resource.customers]
source = "shop"
query = "SELECT id, name FROM customers WHERE id = :id"
key = {{ type = "integer" }}
path = "/api/v1/customers/{{id}}"

[source.stock]
file = "stock.csv"
[resource.stock]
source = "stock"
match = "/sku"
path = "/api/v1/stock/{{sku}}"
"""
PRODUCT = "/api/v1/products/AB-1"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("INSERT INTO customers VALUES (42, 'Ana')")
        connection.commit()
    (tmp_path / "stock.csv").write_text("sku,left\nAB-1,7\n")
    path = tmp_path / "resources.toml"
    path.write_text(FILE)
    return path


@pytest.fixture
async def gateway(open_: OpenGateway, file: Path) -> Gateway:
    gateway = await open_(
        RESOURCES_FILE=str(file), ERP_TOKEN="token-of-the-source", EXTERNAL_API_BASE_URL=""
    )
    gateway.source.fixed |= {
        "/v2/items/AB-1?all=1": (200, b'{"data": {"id": "AB-1", "price": 150.50}}'),
        "/v2/items/A%2FB%2F1?all=1": (200, b'{"data": {"id": "A/B/1"}}'),
        "/v2/items/NONE?all=1": (404, b""),
        "/v2/tags/red": (200, b'{"tag": "red"}'),
        "/v2/tags/..%2F": (404, b""),
    }
    return gateway


async def test_a_record_is_fetched_once_and_answered_under_every_path(
    gateway: Gateway,
) -> None:
    first = await gateway.get("/api/v1/products/ab-1")
    others = [
        await gateway.get(path)
        for path in (PRODUCT, "/api/v1/goods/AB-1/", "/api/v1/items?sku=Ab-1")
    ]

    assert first.status_code == 200, first.text
    assert b'"data":{"id": "AB-1", "price": 150.50}' in first.content
    assert first.headers["cache-status"] == "plg; fwd=uri-miss; fwd-status=200; stored; ttl=50"
    assert [other.content for other in others] == [first.content] * 3
    assert [other.headers["cache-status"] for other in others] == ["plg; hit; ttl=50"] * 3
    assert gateway.source.targets == ["/v2/items/AB-1?all=1"]
    assert gateway.source.headers["Authorization"] == "Bearer token-of-the-source"


async def test_a_key_cannot_leave_its_place_in_the_url(gateway: Gateway) -> None:
    answer = await gateway.get("/api/v1/products/A%2FB%2F1")

    assert answer.json()["sku"] == "A/B/1"
    assert gateway.source.targets == ["/v2/items/A%2FB%2F1?all=1"]


async def test_a_client_that_has_it_already_is_told_so(gateway: Gateway) -> None:
    etag = (await gateway.get(PRODUCT)).headers["etag"]

    assert (await gateway.get(PRODUCT, if_none_match=etag)).status_code == 304


async def test_who_asks_for_nothing_or_nonsense_is_told_so(gateway: Gateway) -> None:
    answers = {
        target: (await gateway.get(target)).json()["code"]
        for target in (
            "/api/v1/products/none", "/api/v1/products/x", "/api/v1/customers/abc",
            "/api/v1/customers/7", "/api/v1/stock/CD-2", "/api/v1/items",
            "/api/v1/tags/..%2F",
        )
    }  # fmt: skip

    assert answers == {
        "/api/v1/products/none": "no_match",
        "/api/v1/products/x": "invalid_parameter",
        "/api/v1/customers/abc": "invalid_parameter",
        "/api/v1/customers/7": "no_match",
        "/api/v1/stock/CD-2": "no_match",
        "/api/v1/items": "invalid_parameter",
        "/api/v1/tags/..%2F": "no_match",
    }
    assert gateway.source.targets[-1] == "/v2/tags/..%2F"


async def test_rows_and_lines_are_records(gateway: Gateway) -> None:
    assert (await gateway.get("/api/v1/customers/42")).json() == {"id": 42, "name": "Ana"}
    assert (await gateway.get("/api/v1/stock/AB-1")).json() == {"sku": "AB-1", "left": "7"}


async def test_what_is_stale_is_served_while_the_source_is_down(gateway: Gateway) -> None:
    fresh = await gateway.get(PRODUCT)
    gateway.clock.advance(100)
    gateway.source.is_down = True
    stale = await gateway.get(PRODUCT)

    assert stale.content == fresh.content
    assert stale.headers["cache-status"].endswith("detail=stale-if-error")


async def test_health_names_each_source_and_the_one_that_is_down(
    gateway: Gateway,
) -> None:
    gateway.source.is_down = True
    for number in range(5):
        assert (await gateway.get(f"/api/v1/products/AB-{number}")).status_code == 502
    health = await gateway.get("/health")
    sources = health.json()["checks"]["sources"]

    assert (health.status_code, health.json()["status"]) == (200, "degraded")
    assert sources["erp"]["status"] == "degraded"
    assert sources["erp"]["detail"].startswith("the breaker is open")
    assert (sources["shop"], sources["stock"]) == ({"status": "ok"}, {"status": "ok"})
    assert (await gateway.get("/api/v1/customers/42")).status_code == 200
    metrics = (await gateway.get("/metrics")).text
    assert 'plg_declared_source_broken{source="erp"} 1.0' in metrics
    assert 'plg_declared_source_broken{source="shop"} 0.0' in metrics


async def test_a_new_version_of_a_file_is_served_and_a_broken_one_is_told_of(
    gateway: Gateway, file: Path
) -> None:
    stock = file.parent / "stock.csv"
    await gateway.get("/api/v1/stock/AB-1")
    stock.write_text("sku,left\nAB-1,6666\n")
    await gateway.container.follow_files()()
    newer = await gateway.get("/api/v1/stock/AB-1")
    stock.write_text("sku,left\nAB-1\n")
    await gateway.container.follow_files()()

    assert newer.json()["left"] == "6666"
    assert (await gateway.get("/api/v1/stock/AB-1")).json()["left"] == "6666"
    told = (await gateway.get("/health")).json()["checks"]["sources"]["stock"]
    assert told == {
        "status": "degraded",
        "detail": "the file cannot be used: line 2 has 1 values, not 2",
    }


async def test_a_key_made_without_scopes_reads_every_resource_and_a_narrow_one_its_own(
    gateway: Gateway,
) -> None:
    ana = await account_in(gateway, "ana")
    ana = replace(ana, scopes=ana.scopes | gateway.container.access.scopes().declared)
    wide = await key_in(gateway, ana)
    narrow = await key_in(gateway, ana, KeyChange("stock", frozenset({"stock:read"}), None))

    assert wide.key.scopes == {
        "players:read", "vehicles:read", "products:read", "customers:read", "stock:read",
        "tags:read",
    }  # fmt: skip
    assert (await ask(gateway, wide.secret.reveal(), PRODUCT)).status_code == 200
    assert (await ask(gateway, narrow.secret.reveal(), "/api/v1/stock/AB-1")).status_code == 200
    refused = await ask(gateway, narrow.secret.reveal(), PRODUCT)
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    assert 'scope="products:read"' in refused.headers["www-authenticate"]


async def test_answers_are_billed_and_those_of_a_free_resource_are_not(gateway: Gateway) -> None:
    ana = await account_in(gateway, "ana", Role.USER)
    ana = replace(ana, scopes=ana.scopes | {"products:read", "tags:read"})
    key = (await key_in(gateway, ana)).secret.reveal()
    for target in (PRODUCT, PRODUCT, "/api/v1/tags/red"):
        assert (await ask(gateway, key, target)).status_code == 200
    await gateway.settle()

    billed = [(each["resource"], each["record_key"], each["metered"]) for each in records(gateway)]
    assert billed == [("products", "AB-1", "miss"), ("products", "AB-1", "hit")]
    free = gateway.container.usage().free_usage
    free.cut(gateway.clock.now() + 100)
    assert [(each.resource, each.metered) for each in free.first(10)] == [("tags", "miss")]


@pytest.mark.parametrize("lane", ["on", "off"])
async def test_a_resource_has_a_quota_and_counts_distinct_records(
    serve: Serve, file: Path, lane: str
) -> None:
    listener = await serve(None, FAST_LANE=lane, RESOURCES_FILE=str(file), ERP_TOKEN="x")
    gateway = listener.gateway
    for sku in ("AB-1", "AB-2"):
        gateway.source.fixed[f"/v2/items/{sku}?all=1"] = (
            200,
            b'{"data": {"id": "%b"}}' % sku.encode(),
        )
    ana = await account_in(gateway, "ana")
    ana = replace(ana, scopes=ana.scopes | {"products:read"})
    scopes = frozenset({"products:read", "billing:read"})
    key = (await key_in(gateway, ana, KeyChange("all", scopes, None))).secret.reveal()
    terms = Terms(vins_per_day=1, resources={"products": ResourceTerms(requests_per_day=3)})
    override = gateway.container.billing().override_plan
    await override(ana.account_id or "", NewOverride(terms), OPERATOR)
    peer = await listener.connect()
    targets = (PRODUCT, PRODUCT, "/api/v1/products/AB-2", PRODUCT, PRODUCT)
    answers = [await peer.ask(request(target, key=key)) for target in targets]
    usage = (await ask(gateway, key, "/api/v1/billing/usage")).json()
    await gateway.settle()

    assert [answer.status for answer in answers] == [200, 200, 429, 200, 429]
    told = [(answer.field(b"ratelimit") or b"").decode() for answer in answers]
    left = [re.findall(r'"(daily:products|vins)";r=(\d+)', each) for each in told]
    assert left[0] == [("daily:products", "2"), ("vins", "0")]
    assert left[3] == [("daily:products", "0"), ("vins", "0")]
    assert [name for name, _ in left[2] + left[4]] == ["vins", "daily:products"]
    assert b'"daily:products";q=3;w=86400' in (answers[0].field(b"ratelimit-policy") or b"")
    assert usage["resources"]["products"] == {
        "requests_per_day": 3, "used_today": 3, "reserved_today": 0, "left_today": 0,
    }  # fmt: skip
    assert (usage["records_today"], usage["records_left_today"]) == (1, 0)
    assert (usage["limits"]["records_per_day"], usage["used_today"]) == (1, 3)
    notices = (await ask(gateway, key, "/api/v1/billing/notices")).json()["items"]
    of_it = [each for each in notices if each["resource"] == "products"]
    assert {each["kind"] for each in of_it} == {"requests_per_day"}
    assert sorted(each["percent"] for each in of_it) == [50, 80, 100]


async def test_the_document_shows_path_schema_and_example(gateway: Gateway) -> None:
    document = (await gateway.get("/openapi.json")).json()
    shown = document["paths"][PRODUCT.replace("AB-1", "{sku}")]["get"]
    by_query = document["paths"]["/api/v1/items"]["get"]

    assert "`/api/v1/goods/{sku}`" in shown["description"]
    assert "`products:read`" in shown["description"]
    assert shown["parameters"][0]["example"] == "AB-1"
    schema = shown["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["properties"]["data"]["properties"] == {"price": {"type": "number"}}
    assert (by_query["parameters"][0]["name"], by_query["parameters"][0]["in"]) == ("sku", "query")


@pytest.mark.parametrize("lane", ["on", "off"])
async def test_both_ways_answer_and_bill_what_is_at_hand(
    serve: Serve, file: Path, lane: str
) -> None:
    listener = await serve(
        None,
        FAST_LANE=lane,
        RESOURCES_FILE=str(file),
        ERP_TOKEN="x",
        RATE_LIMIT_BURST="1000/minute",
    )
    gateway = listener.gateway
    gateway.source.fixed["/v2/items/AB-1?all=1"] = (200, b'{"data": {"id": "AB-1"}}')
    gateway.source.fixed["/v2/tags/red"] = (200, b'{"tag": "red"}')
    ana = await account_in(gateway, "ana")
    ana = replace(ana, scopes=ana.scopes | {"products:read", "tags:read"})
    key = (await key_in(gateway, ana)).secret.reveal()
    targets = (PRODUCT, "/api/v1/items?sku=ab-1", "/api/v1/tags/red")
    for target in targets:
        await ask(gateway, key, target)
    peer = await listener.connect()
    answers = [await peer.ask(request(target, key=key)) for target in targets]

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert [answer.field(b"cache-status") for answer in answers[:2]] == [b"plg; hit; ttl=50"] * 2
    assert [each["metered"] for each in records(gateway)] == ["miss", "hit", "hit", "hit"]
