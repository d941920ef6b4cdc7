"""`PlansPort`, kept by every durable database."""

from dataclasses import replace

import pytest

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.limits.rates import Rate
from plg.domain.money import NANOS_MAX, Currency
from plg.domain.plans.account_plans import AccountTerms, Assignment, Override
from plg.domain.plans.plans import Metered, ResourceTerms, Unit
from plg.domain.plans.tariffs import SpendCap
from plg.domain.plans.terms import Terms
from tests.fakes.clock import NOON
from tests.fakes.memory_plans import BASIC, ENTERPRISE, PREMIUM
from tests.integration.contracts.works import ANA, BEN, undone

RESOURCES = {"products": ResourceTerms(3, {Metered.HIT: 1}), "orders": ResourceTerms()}
SECOND = replace(
    BASIC,
    version=2,
    name="Básico",
    currency=Currency("USD"),
    unit=Unit.VIN,
    requests_per_day=None,
    vins_per_day=7,
    price=NANOS_MAX,
    source_calls=Rate(1, 60),
    rate=Rate(5, 1),
    prices={Metered.MISS: 3, Metered.HIT: 0},
    is_offered=False,
    created_at=NOON,
    from_at=NOON + 0.5,
    resources=RESOURCES,
)
ALL_TERMS = Terms(5, None, 7, {Metered.STALE: 9}, Rate(9, 3600), None, {**RESOURCES, "gone": None})
OVERRIDE = Override("O1", ANA.id, NOON, NOON + 10, ALL_TERMS)


async def terms(work: UnitOfWorkPort, now: float = NOON, account_id: str = ANA.id) -> AccountTerms:
    async with work.look() as ports:
        return await ports.plans.of_account(account_id, now)


async def assign(work: UnitOfWorkPort, *assignments: Assignment) -> None:
    async with work.change() as ports:
        for each in assignments:
            await ports.plans.assign(each)


async def override(work: UnitOfWorkPort, *overrides: Override) -> None:
    async with work.change() as ports:
        for each in overrides:
            await ports.plans.add_override(each)


async def test_there_are_three_plans_from_the_start(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        assert await ports.plans.all() == [BASIC, ENTERPRISE, PREMIUM]
        assert await ports.plans.versions("premium") == [PREMIUM]
        assert await ports.plans.versions("gold") == []


async def test_a_version_comes_back_as_it_was(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        await ports.plans.add(SECOND)
        assert await ports.plans.versions("basic") == [BASIC, SECOND]

    async with work.look() as ports:
        assert await ports.plans.versions("basic") == [BASIC, SECOND]
        assert (await ports.plans.all())[:2] == [BASIC, SECOND]


async def test_a_plan_in_what_is_no_money_any_more_is_still_shown(work: UnitOfWorkPort) -> None:
    gold = replace(SECOND, currency=Currency("XAU"))
    async with work.change() as ports:
        await ports.plans.add(gold)
    async with work.look() as ports:
        assert gold in await ports.plans.versions("basic")


async def test_an_account_has_no_terms_of_its_own_at_first(work: UnitOfWorkPort) -> None:
    assert await terms(work) == AccountTerms()


async def test_assignments_come_by_their_beginning(work: UnitOfWorkPort) -> None:
    first, second = Assignment(ANA.id, NOON - 5, "basic", 1), Assignment(ANA.id, NOON, "premium")
    await assign(work, first, second, Assignment(BEN.id, NOON - 9, "enterprise"))

    assert (await terms(work)).assignments == (first, second)


async def test_an_assignment_drops_those_that_would_begin_with_it_or_later(
    work: UnitOfWorkPort,
) -> None:
    kept, other = Assignment(ANA.id, NOON - 5, "basic"), Assignment(BEN.id, NOON + 9, "basic")
    late, same = Assignment(ANA.id, NOON + 9, "basic"), Assignment(ANA.id, NOON, "basic")
    new = Assignment(ANA.id, NOON, "premium")
    await assign(work, kept, other, same, late, new)

    assert (await terms(work)).assignments == (kept, new)
    assert (await terms(work, account_id=BEN.id)).assignments == (other,)


@pytest.mark.parametrize(
    "said",
    [
        ALL_TERMS,
        Terms(requests_per_day=None),
        Terms(price=NANOS_MAX),
        Terms(prices={}),
        Terms(rate=None, source_calls=Rate(1, 1)),
    ],
)
async def test_terms_come_back_as_they_were_said(work: UnitOfWorkPort, said: Terms) -> None:
    await override(work, replace(OVERRIDE, terms=said, until_at=None))

    assert (await terms(work)).overrides == (replace(OVERRIDE, terms=said, until_at=None),)


async def test_overrides_come_by_their_beginning_until_they_end(work: UnitOfWorkPort) -> None:
    later = replace(OVERRIDE, id="O0", from_at=NOON + 5, until_at=None)
    twin = replace(OVERRIDE, id="O2")
    await override(work, later, twin, OVERRIDE, replace(OVERRIDE, id="O9", account_id=BEN.id))

    assert (await terms(work)).overrides == (OVERRIDE, twin, later)
    assert (await terms(work, NOON + 9.9)).overrides == (OVERRIDE, twin, later)
    assert (await terms(work, NOON + 10)).overrides == (later,)


async def test_an_override_ends_now(work: UnitOfWorkPort) -> None:
    await override(work, OVERRIDE)
    async with work.change() as ports:
        ends = [await ports.plans.end_override(ANA.id, "O1", NOON + 3) for _ in range(2)]

    assert ends == [True, False]
    assert (await terms(work, NOON + 1)).overrides == (replace(OVERRIDE, until_at=NOON + 3),)
    assert (await terms(work, NOON + 3)).overrides == ()


@pytest.mark.parametrize("now", [NOON, NOON - 9])
async def test_an_override_that_has_not_begun_is_removed(work: UnitOfWorkPort, now: float) -> None:
    await override(work, OVERRIDE)
    async with work.change() as ports:
        assert await ports.plans.end_override(ANA.id, "O1", now)

    assert (await terms(work, now)).overrides == ()


async def test_only_an_override_of_the_account_that_goes_on_is_ended(work: UnitOfWorkPort) -> None:
    await override(work, OVERRIDE)
    async with work.change() as ports:
        for account_id, override_id, now in (
            (BEN.id, "O1", NOON + 1),
            (ANA.id, "O2", NOON + 1),
            (ANA.id, "O1", NOON + 10),
        ):
            assert not await ports.plans.end_override(account_id, override_id, now)

    assert (await terms(work)).overrides == (OVERRIDE,)


async def test_a_spend_cap_takes_the_place_of_the_one_before(work: UnitOfWorkPort) -> None:
    seen = []
    for cap in (SpendCap(NANOS_MAX, blocks=True), SpendCap(0, blocks=False), None, None):
        async with work.change() as ports:
            await ports.plans.set_cap(ANA.id, cap)
        seen.append((await terms(work)).cap)

    assert seen == [SpendCap(NANOS_MAX, blocks=True), SpendCap(0, blocks=False), None, None]
    assert (await terms(work, account_id=BEN.id)).cap is None


async def test_an_accounts_own_spend_cap_stands_beside_it(work: UnitOfWorkPort) -> None:
    given, own = SpendCap(100, blocks=True), SpendCap(50, blocks=False)
    async with work.change() as ports:
        await ports.plans.set_cap(ANA.id, given)
        await ports.plans.set_own_cap(ANA.id, SpendCap(70, blocks=True))
        await ports.plans.set_own_cap(ANA.id, own)
    both = await terms(work)
    async with work.change() as ports:
        await ports.plans.set_own_cap(ANA.id, None)
    alone = await terms(work)

    assert (both.cap, both.own_cap) == (given, own)
    assert (alone.cap, alone.own_cap) == (given, None)


async def test_all_of_it_is_told_at_once(work: UnitOfWorkPort) -> None:
    assignment, cap = Assignment(ANA.id, NOON, "premium", 1), SpendCap(5, blocks=True)
    await assign(work, assignment)
    await override(work, OVERRIDE)
    async with work.change() as ports:
        await ports.plans.set_cap(ANA.id, cap)
        expected = AccountTerms((assignment,), (OVERRIDE,), cap)
        assert await ports.plans.of_account(ANA.id, NOON) == expected

    assert await terms(work) == expected


async def test_what_was_undone_is_not_there(work: UnitOfWorkPort) -> None:
    await undone(work, lambda ports: ports.plans.add(SECOND))
    await undone(work, lambda ports: ports.plans.assign(Assignment(ANA.id, NOON, "premium")))
    await undone(work, lambda ports: ports.plans.set_cap(ANA.id, SpendCap(5, blocks=True)))

    assert await terms(work) == AccountTerms()
    async with work.look() as ports:
        assert await ports.plans.versions("basic") == [BASIC]
