"""Plans, and what one account has of them, over HTTP."""

from typing import Any

import httpx
import pytest

from plg.domain.accounts import Role
from plg.domain.audit import OPERATOR
from plg.domain.plan_terms import PlanWish, Terms
from plg.domain.rates import Rate
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import Holder, ask, holder_in, key_in

PLANS = "/api/v1/billing/plans"
NO_LIMITS = {"RATE_LIMIT_ADMIN": "100000/minute", "RATE_LIMIT_CONTENT_LISTING": "100000/minute"}


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**NO_LIMITS)


@pytest.fixture
async def admin(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "admin", Role.ADMIN)


@pytest.fixture
async def ana(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "ana")


async def send(
    gateway: Gateway, holder: Holder, method: str, path: str, **body: object
) -> httpx.Response:
    async with gateway.client(headers=holder.headers) as client:
        return await client.request(method, path, json=body or None)


def path_of(holder: Holder, *more: str) -> str:
    return "/".join([f"/api/v1/users/{holder.caller.account_id}", *more])


async def terms_of(gateway: Gateway, admin: Holder, holder: Holder) -> dict[str, Any]:
    answer = await send(gateway, admin, "GET", path_of(holder, "plan"))
    assert answer.status_code == 200, answer.text
    terms: dict[str, Any] = answer.json()
    return terms


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
        "vins_per_day": None,
        "rate": None,
        "source_calls": None,
        "is_offered": True,
        "starts_at": None,
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


async def test_an_account_is_shown_with_its_plan(
    gateway: Gateway, admin: Holder, ana: Holder
) -> None:
    shown = (await send(gateway, admin, "GET", path_of(ana))).json()

    assert (shown["plan"], shown["plan_version"]) == ("basic", 1)


async def test_an_account_gets_a_plan_at_once(gateway: Gateway, admin: Holder, ana: Holder) -> None:
    changed = await send(gateway, admin, "PATCH", path_of(ana), plan="premium")

    assert (changed.status_code, changed.json()["plan"]) == (200, "premium")
    assert (await terms_of(gateway, admin, ana))["plan"]["code"] == "premium"


async def test_an_account_gets_a_plan_at_the_periods_end(
    gateway: Gateway, admin: Holder, ana: Holder
) -> None:
    body = {"plan": "premium", "plan_version": 1, "plan_effective": "period_end"}
    changed = await send(gateway, admin, "PATCH", path_of(ana), **body)
    terms = await terms_of(gateway, admin, ana)
    gateway.clock.advance(31 * 86400)
    after = await terms_of(gateway, admin, ana)

    assert changed.json()["plan"] == "basic"
    assert terms["planned"] == [
        {"plan": "premium", "version": 1, "starts_at": "2023-12-01T00:00:00Z"}
    ]
    assert (after["plan"]["code"], after["is_pinned"], after["planned"]) == ("premium", True, [])


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"plan": "gold"}, "plan"),
        ({"plan": "premium", "plan_version": 7}, "plan_version"),
        ({"plan_version": 1}, "plan"),
        ({"plan": "premium", "plan_effective": "soon"}, "plan_effective"),
    ],
)
async def test_a_plan_that_cannot_be_given_is_named(
    gateway: Gateway, admin: Holder, ana: Holder, body: dict[str, Any], parameter: str
) -> None:
    refused = await send(gateway, admin, "PATCH", path_of(ana), **body)

    assert (refused.status_code, refused.json()["parameter"]) == (400, parameter)


async def test_an_override_is_added_shown_and_ended(
    gateway: Gateway, admin: Holder, ana: Holder
) -> None:
    body = {"price": "0.02", "requests_per_day": None, "rate": "9/second", "prices": {"hit": "0"}}
    added = await send(gateway, admin, "POST", path_of(ana, "overrides"), **body)
    terms = await terms_of(gateway, admin, ana)
    gateway.clock.advance(1)
    ended = await send(gateway, admin, "DELETE", added.headers["location"])

    assert added.status_code == 201
    assert added.json() == {
        "id": added.json()["id"],
        "from": "2023-11-14T22:13:20Z",
        "until": None,
        "terms": {
            "requests_per_day": None,
            "price": "0.02",
            "prices": {"hit": "0.00"},
            "rate": "9/second",
        },
    }
    assert terms["overrides"] == [added.json()]
    assert (terms["plan"]["price"], terms["effective"]["price"]) == ("0.10", "0.02")
    assert terms["effective"]["prices"]["hit"] == "0.00"
    assert ended.status_code == 204
    assert (await terms_of(gateway, admin, ana))["overrides"] == []


async def test_an_override_may_have_a_beginning_and_an_end(
    gateway: Gateway, admin: Holder, ana: Holder
) -> None:
    body = {"price": "1", "from": "2030-01-01T00:00:00Z", "until": "2030-02-01T00:00:00+01:00"}
    added = (await send(gateway, admin, "POST", path_of(ana, "overrides"), **body)).json()

    assert (added["from"], added["until"]) == ("2030-01-01T00:00:00Z", "2030-01-31T23:00:00Z")


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"until": "2030-01-01T00:00:00Z"}, "terms"),
        ({"price": "1", "until": "2001-01-01T00:00:00Z"}, "until"),
        ({"price": "1", "from": "tomorrow"}, "from"),
    ],
)
async def test_an_override_that_cannot_be_is_named(
    gateway: Gateway, admin: Holder, ana: Holder, body: dict[str, Any], parameter: str
) -> None:
    refused = await send(gateway, admin, "POST", path_of(ana, "overrides"), **body)

    assert (refused.status_code, refused.json()["parameter"]) == (400, parameter)


async def test_a_spend_cap_is_set_and_taken_away(
    gateway: Gateway, admin: Holder, ana: Holder
) -> None:
    cap = path_of(ana, "spend-cap")
    put = await send(gateway, admin, "PUT", cap, amount="250", action="block")
    terms = await terms_of(gateway, admin, ana)
    dropped = await send(gateway, admin, "DELETE", cap)

    assert put.json() == {"amount": "250.00", "currency": "EUR", "action": "block"}
    assert terms["spend_cap"] == put.json()
    assert dropped.status_code == 204
    assert (await terms_of(gateway, admin, ana))["spend_cap"] is None


@pytest.mark.parametrize(
    ("method", "more", "body"),
    [
        ("GET", "plan", {}),
        ("POST", "overrides", {"price": "1"}),
        ("DELETE", "overrides/x", {}),
        ("PUT", "spend-cap", {"amount": "1", "action": "notify"}),
        ("DELETE", "spend-cap", {}),
    ],
)
async def test_terms_are_for_admins_and_of_accounts_that_exist(
    gateway: Gateway, admin: Holder, ana: Holder, method: str, more: str, body: dict[str, Any]
) -> None:
    mine = await send(gateway, ana, method, path_of(ana, more), **body)
    nobodys = await send(gateway, admin, method, f"/api/v1/users/nobody/{more}", **body)

    assert (mine.status_code, mine.json()["code"]) == (403, "insufficient_scope")
    assert (nobodys.status_code, nobodys.json()["code"]) == (404, "not_found")


async def test_plans_are_made_by_admins_alone(gateway: Gateway, ana: Holder) -> None:
    refused = await send(gateway, ana, "POST", PLANS, code="team", price="1")

    assert refused.status_code == 403


async def test_a_plan_that_is_changed_holds_for_a_key_that_is_remembered(
    gateway: Gateway, admin: Holder, ana: Holder
) -> None:
    key = (await key_in(gateway, ana.caller)).secret.reveal()
    before = await ask(gateway, key)
    await send(gateway, admin, "POST", PLANS, code="quick", price="1", rate="7/second")
    await send(gateway, admin, "PATCH", path_of(ana), plan="quick")
    after = await ask(gateway, key)

    policies = [answer.headers["ratelimit-policy"] for answer in (before, after)]
    assert policies[0].startswith('"burst";q=60;w=60, "sustained";q=1000;w=3600')
    assert policies[1].startswith('"burst";q=7;w=1, "sustained";q=7;w=1')


async def test_a_key_that_is_remembered_changes_over_with_the_period(
    gateway: Gateway, ana: Holder
) -> None:
    key = (await key_in(gateway, ana.caller)).secret.reveal()
    make = gateway.container.billing.make_plan()
    plan = await make("basic", PlanWish(terms=Terms(rate=Rate(7, 1))), OPERATOR)
    gateway.clock.advance(plan.from_at - gateway.clock.now() - 1)
    await gateway.container.access.obey_changes()()
    policies = []
    for _ in range(3):
        policies.append((await ask(gateway, key)).headers["ratelimit-policy"].partition(",")[0])
        gateway.clock.advance(0.5)

    assert policies == ['"burst";q=60;w=60', '"burst";q=60;w=60', '"burst";q=7;w=1']


async def test_calls_to_the_source_are_limited_by_the_plan(
    gateway: Gateway, admin: Holder, ana: Holder
) -> None:
    await send(gateway, admin, "POST", PLANS, code="few", price="1", source_calls="2/hour")
    await send(gateway, admin, "PATCH", path_of(ana), plan="few")
    statuses = [
        (await ask(gateway, ana.key, f"/api/v1/players/KB-00000{number}")).status_code
        for number in (1, 2, 3, 1)
    ]

    assert statuses == [200, 200, 429, 200]
