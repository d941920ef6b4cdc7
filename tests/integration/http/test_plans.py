"""Plans over HTTP."""

from typing import Any

import pytest

from plg.domain.identity.accounts import Role
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import Holder, holder_in
from tests.integration.http.terms import NO_LIMITS, PLANS, send, terms_of


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**NO_LIMITS)


@pytest.fixture
async def admin(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "admin", Role.ADMIN)


@pytest.fixture
async def ana(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "ana")


async def test_the_plans_on_offer_are_told(gateway: Gateway, ana: Holder) -> None:
    items = (await send(gateway, ana, "GET", PLANS)).json()["items"]

    assert [(each["code"], each["price"], each["requests_per_day"]) for each in items] == [
        ("basic", "0.10", 100),
        ("enterprise", "0.03", None),
        ("premium", "0.05", 1000),
    ]
    assert items[0] == {
        "code": "basic",
        "version": 1,
        "name": "Basic",
        "currency": "EUR",
        "unit": "request",
        "price": "0.10",
        "prices": {
            "hit": "0.10",
            "miss": "0.10",
            "stale": "0.10",
            "not_found": "0.00",
            "not_modified": "0.00",
        },
        "requests_per_day": 100,
        "records_per_day": None,
        "vins_per_day": None,
        "rate": None,
        "source_calls": None,
        "is_offered": True,
        "starts_at": None,
        "resources": {},
    }


async def test_plans_come_in_pages(gateway: Gateway, ana: Holder) -> None:
    first = (await send(gateway, ana, "GET", f"{PLANS}?limit=2")).json()
    rest = (await send(gateway, ana, "GET", f"{PLANS}?cursor={first['next_cursor']}")).json()

    assert [each["code"] for each in first["items"] + rest["items"]] == [
        "basic", "enterprise", "premium",
    ]  # fmt: skip
    assert rest["next_cursor"] is None


async def test_an_admin_makes_a_plan(gateway: Gateway, admin: Holder) -> None:
    body = {
        "code": "fleet", "name": " Fleet ", "currency": "USD", "unit": "vin",
        "price": "0.000000001", "prices": {"miss": "2"}, "vins_per_day": 50,
        "rate": "120/minute", "source_calls": "9/hour",
        "effective": "now",
    }  # fmt: skip
    made = await send(gateway, admin, "POST", PLANS, **body)
    plan = made.json()

    assert (made.status_code, plan["version"], plan["name"]) == (201, 1, "Fleet")
    assert (plan["currency"], plan["unit"], plan["price"]) == ("USD", "vin", "0.000000001")
    assert plan["prices"]["miss"] == "2.00"
    assert (plan["requests_per_day"], plan["vins_per_day"]) == (None, 50)
    assert (plan["rate"], plan["source_calls"]) == ("120/minute", "9/hour")
    assert plan in (await send(gateway, admin, "GET", PLANS)).json()["items"]


async def test_the_next_version_begins_with_the_next_period(
    gateway: Gateway, admin: Holder, ana: Holder
) -> None:
    made = await send(gateway, admin, "POST", PLANS, code="basic", requests_per_day=None)
    before = await terms_of(gateway, admin, ana)
    gateway.clock.advance(31 * 86400)
    after = await terms_of(gateway, admin, ana)

    assert (made.json()["version"], made.json()["price"]) == (2, "0.10")
    assert made.json()["starts_at"] == "2023-12-01T00:00:00Z"
    assert (before["plan"]["version"], before["valid_until"]) == (1, "2023-12-01T00:00:00Z")
    assert (after["plan"]["version"], after["plan"]["requests_per_day"]) == (2, None)


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"code": "team"}, "price"),
        ({"code": "Team", "price": "1"}, "code"),
        ({"code": "basic", "price": 0.1}, "price"),
        ({"code": "basic", "price": "0,10"}, "price"),
        ({"code": "basic", "price": "1\n"}, "price"),
        ({"code": "basic", "currency": "EU"}, "currency"),
        ({"code": "basic", "currency": "EUR\n"}, "currency"),
        ({"code": "basic", "currency": "XAU", "price": "1"}, "currency"),
        ({"code": "basic", "currency": "BTC", "price": "1"}, "currency"),
        ({"code": "basic", "currency": "USD"}, "price"),
        ({"code": "basic", "requests_per_day": 0}, "requests_per_day"),
        ({"code": "basic", "rate": "often"}, "rate"),
        ({"code": "basic", "rate": "0/minute"}, "rate"),
        ({"code": "basic", "prices": {"hit": "1\n"}}, "prices.hit"),
        ({"code": "basic", "prices": {"gift": "1"}}, "prices.gift"),
        ({"code": "basic", "name": "  "}, "name"),
        ({"code": "basic", "colour": "red"}, "colour"),
    ],
)
async def test_what_cannot_be_is_named(
    gateway: Gateway, admin: Holder, body: dict[str, Any], parameter: str
) -> None:
    refused = await send(gateway, admin, "POST", PLANS, **body)

    assert (refused.status_code, refused.json()["parameter"]) == (400, parameter)


async def test_plans_are_made_by_admins_alone(gateway: Gateway, ana: Holder) -> None:
    refused = await send(gateway, ana, "POST", PLANS, code="team", price="1")

    assert refused.status_code == 403


async def test_a_plan_prices_a_resource_apart(gateway: Gateway, admin: Holder) -> None:
    own = {"price": "0.02", "prices": {"hit": "0.01"}}
    body = {"code": "shop", "price": "1", "resources": {"players": own}}
    made = await send(gateway, admin, "POST", PLANS, **body)
    unknown = await send(gateway, admin, "POST", PLANS, **{**body, "resources": {"orders": own}})

    assert made.json()["resources"]["players"]["prices"] == {
        "hit": "0.01", "miss": "0.02", "stale": "0.02", "not_found": "0.00", "not_modified": "0.00",
    }  # fmt: skip
    assert (unknown.status_code, unknown.json()["parameter"]) == (400, "resources")


async def test_records_a_day_have_an_older_name(gateway: Gateway, admin: Holder) -> None:
    new = await send(
        gateway, admin, "POST", PLANS, code="a", price="1", records_per_day=5, unit="record"
    )
    old = await send(gateway, admin, "POST", PLANS, code="b", price="1", vins_per_day=5, unit="vin")
    both = await send(
        gateway, admin, "POST", PLANS, code="c", price="1", vins_per_day=5, records_per_day=5
    )
    apart = await send(
        gateway, admin, "POST", PLANS, code="d", price="1", vins_per_day=None, records_per_day=5
    )

    names = ("records_per_day", "vins_per_day", "unit")
    assert [[each.json()[name] for name in names] for each in (new, old)] == [[5, 5, "vin"]] * 2
    assert both.json()["records_per_day"] == 5
    assert (apart.status_code, apart.json()["parameter"]) == (400, "records_per_day")


async def test_a_resource_may_have_a_quota(gateway: Gateway, admin: Holder) -> None:
    body = {"code": "shop", "price": "1", "resources": {"players": {"requests_per_day": 9}}}
    made = await send(gateway, admin, "POST", PLANS, **body)
    none = {**body, "resources": {"players": {"requests_per_day": None}}}
    after = await send(gateway, admin, "POST", PLANS, **none)
    refused = await send(
        gateway, admin, "POST", PLANS,
        **{**body, "resources": {"players": {"requests_per_day": 2_000_000_000}}},
    )  # fmt: skip

    assert made.json()["resources"]["players"]["requests_per_day"] == 9
    assert after.json()["resources"]["players"]["requests_per_day"] is None
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_parameter")
