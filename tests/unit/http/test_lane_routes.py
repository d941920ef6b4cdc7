"""The lane finds the route of a target by a look-up, wherever the key stands in it."""

import pytest

from plg.domain.identity.access import Access
from plg.domain.records.declared.keys import Fold, KeyRule
from plg.domain.records.declared.paths import RecordPath
from plg.domain.records.meter_rules import MeterRule
from plg.entrypoints.http.api.records.declared import sent_key
from plg.entrypoints.http.carrier.lane_routes import LaneRoute, LaneTable
from plg.entrypoints.http.protocol.rendering import RecordRenderer
from tests.unit.reading.world import POLICY, make_world

RULE = KeyRule("sku", fold=Fold.UPPER)
PATHS = (
    "/api/v1/products/{sku}",
    "/api/v1/goods?id={sku}",
    "/api/v1/shops/{sku}/stock",
    "/api/v1/shops/{sku}/stock/now",
    "/api/{sku}/x/y",
)


METER = MeterRule("goods")


def table_of(*paths: str) -> LaneTable:
    engine, render = make_world().engine, RecordRenderer.under(POLICY)
    return LaneTable(
        LaneRoute(path.template, Access(None), sent_key(path, RULE), engine, render, METER)
        for path in map(RecordPath.parse, paths)
    )


TABLE = table_of(*PATHS)


@pytest.mark.parametrize(
    ("target", "path", "key"),
    [
        ("/api/v1/products/ab-1", "/api/v1/products/{sku}", "AB-1"),
        ("/api/v1/products/ab-1/?x=1", "/api/v1/products/{sku}", "AB-1"),
        ("/api/v1/products/a%2Fb%20c", "/api/v1/products/{sku}", "A/B C"),
        ("/api/v1/goods?x=1&id=ab-1", "/api/v1/goods", "AB-1"),
        ("/api/v1/goods/?id=a%2Fb", "/api/v1/goods", "A/B"),
        ("/api/v1/shops/ab-1/stock", "/api/v1/shops/{sku}/stock", "AB-1"),
        ("/api/v1/shops/ab-1/stock/now", "/api/v1/shops/{sku}/stock/now", "AB-1"),
        ("/api/ab-1/x/y", "/api/{sku}/x/y", "AB-1"),
    ],
)
def test_a_target_leads_to_its_route_and_key(target: str, path: str, key: str) -> None:
    found = TABLE.find(target.encode())

    assert found is not None
    assert (found[0].path, found[1].value) == (path, key)


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/products", "/api/v1/products/", "/api/v1/products/a/b", "/api/v1/products//",
        "/api/v1/shops//stock", "/api/v1/shops/a/b/stock", "/api/v1/shops/a", "/x", "/", "*",
        "/api/v1/%70roducts/a", "/API/v1/products/a",
    ],
)  # fmt: skip
def test_what_is_no_such_path_is_left_to_the_ordinary_way(target: str) -> None:
    assert TABLE.find(target.encode()) is None
