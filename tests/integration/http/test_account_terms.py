"""What one account has of a plan, over HTTP."""

from typing import Any

import pytest

from plg.domain.audit import OPERATOR
from plg.domain.identity.accounts import Role
from plg.domain.limits.rates import Rate
from plg.domain.plans.terms import NewPlan, Terms
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import Holder, ask, holder_in, key_in
from tests.integration.http.terms import NO_LIMITS, PLANS, path_of, send, terms_of


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**NO_LIMITS)


@pytest.fixture
async def admin(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "admin", Role.ADMIN)


@pytest.fixture
async def ana(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "ana")


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
    make = gateway.container.billing().make_plan
    plan = await make("basic", NewPlan(terms=Terms(rate=Rate(7, 1))), OPERATOR)
    gateway.clock.advance(plan.from_at - gateway.clock.now() - 1)
    await gateway.container.access.follow_changes()()
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
