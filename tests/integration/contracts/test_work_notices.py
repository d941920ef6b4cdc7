"""What every NoticesPort promises, and how the ledger fills it."""

import asyncio

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.ledger.periods import period_start
from plg.domain.ledger.usage import day_of
from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.notices.deliveries import LEASE_SECONDS, Attempt, Channel, State, new_delivery
from plg.domain.notices.notices import Notice
from plg.domain.notices.thresholds import Reached
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, BEN, CENT, asked, charge, tariff_of
from tests.integration.contracts.books import Booked
from tests.integration.contracts.works import undone

DAY = day_of(NOON)
MONTH = day_of(period_start(NOON))
Works = tuple[UnitOfWorkPort, UnitOfWorkPort]


def reach(booked: Booked, count: int, *, of: int = 10, account: str = ANA, day: int = 0) -> None:
    """Have so many answers of a daily quota recorded, with numbers of their own."""
    at = NOON + day * DAY_SECONDS
    tariff = tariff_of(requests=of)
    first = day * 1000
    numbers = range(first, first + count)
    booked.write(*(charge(asked(n, account=account, tariff=tariff, at=at)) for n in numbers))


async def listed(
    work: UnitOfWorkPort, account_id: str | None = ANA, *, before: str | None = None, limit: int = 9
) -> list[Notice]:
    async with work.look() as ports:
        return await ports.notices.page(account_id, before=before, limit=limit)


async def taken(
    work: UnitOfWorkPort, channel: Channel = Channel.MAIL, now: float = NOON, limit: int = 9
) -> list[Notice]:
    async with work.change() as ports:
        return await ports.notices.take_due(channel, now, limit)


async def move(work: UnitOfWorkPort, notice: Notice, channel: Channel, attempt: Attempt) -> bool:
    async with work.change() as ports:
        delivery = notice.by(channel).after(attempt, NOON)
        return await ports.notices.move(notice, channel, delivery)


async def test_a_threshold_is_there_with_the_record_that_reaches_it(
    work: UnitOfWorkPort, booked: Booked
) -> None:
    reach(booked, 4)
    assert await listed(work) == []
    reach(booked, 5, day=1)
    (notice,) = await listed(work)

    assert notice.reached == Reached(ANA, "requests_per_day", DAY + 1, 50, 5, 10)
    assert (notice.at, notice.mail, notice.webhook) == (NOON, *[new_delivery(NOON)] * 2)


async def test_each_threshold_is_there_once(work: UnitOfWorkPort, booked: Booked) -> None:
    reach(booked, 10)
    booked.take_back(asked(9).id)
    booked.write(charge(asked(11, tariff=tariff_of(requests=10))))

    assert sorted(each.reached.percent for each in await listed(work)) == [50, 80, 100]


async def test_money_is_told_to_the_last_digit(work: UnitOfWorkPort, booked: Booked) -> None:
    booked.write(charge(asked(1, tariff=tariff_of(cap=10 * CENT))))

    assert [each.reached for each in await listed(work)] == [
        Reached(ANA, "spend_cap", MONTH, 50, 5 * CENT, 10 * CENT, "EUR")
    ]


async def test_a_refusal_alone_tells_that_a_cap_is_met(
    work: UnitOfWorkPort, booked: Booked
) -> None:
    booked.write(charge(asked(1, tariff=tariff_of(cap=CENT))), may_refuse=True)

    assert [each.reached for each in await listed(work)] == [
        Reached(ANA, "spend_cap", MONTH, 100, 0, CENT, "EUR")
    ]


async def test_lists_are_newest_first_and_of_one_account_or_of_all(
    work: UnitOfWorkPort, booked: Booked
) -> None:
    reach(booked, 10)
    reach(booked, 5, account=BEN)
    mine = await listed(work)
    everybody = await listed(work, None)

    assert len(mine) == 3
    assert len(everybody) == 4
    assert [each.id for each in mine] == sorted((each.id for each in mine), reverse=True)
    assert await listed(work, limit=2) == mine[:2]
    assert await listed(work, before=mine[1].id) == mine[2:]
    assert {each.reached.account_id for each in everybody} == {ANA, BEN}


async def test_what_is_taken_up_is_nobody_elses_until_its_lease_ends(
    works: Works, booked: Booked
) -> None:
    ours, theirs = works
    reach(booked, 8)
    mine = await taken(ours)
    assert [each.mail.tries for each in mine] == [1, 1]
    assert await taken(theirs) == []
    async with theirs.look() as ports:
        assert not await ports.notices.has_due(Channel.MAIL, NOON)
        assert await ports.notices.has_due(Channel.WEBHOOK, NOON)
    again = await taken(theirs, now=NOON + LEASE_SECONDS)

    assert {each.id for each in again} == {each.id for each in mine}
    assert [each.mail.tries for each in again] == [2, 2]


async def test_of_two_that_take_up_at_once_each_gets_others(works: Works, booked: Booked) -> None:
    reach(booked, 10)
    first, second = await asyncio.gather(*(taken(work) for work in works))

    assert len(first) + len(second) == 3
    assert not {each.id for each in first} & {each.id for each in second}


async def test_a_few_at_a_time_are_taken_the_longest_due_first(
    work: UnitOfWorkPort, booked: Booked
) -> None:
    reach(booked, 10)
    first = await taken(work, limit=2)
    await move(work, first[0], Channel.MAIL, Attempt(is_delivered=False, reason="timeout"))
    rest = await taken(work, limit=2)

    assert len(first) == 2
    assert len(rest) == 1
    assert rest[0].id not in {each.id for each in first}
    later = await taken(work, now=NOON + 10)
    assert [(each.id, each.mail.reason) for each in later] == [(first[0].id, "timeout")]


async def test_what_was_delivered_stays_so(work: UnitOfWorkPort, booked: Booked) -> None:
    reach(booked, 5)
    (notice,) = await taken(work, Channel.WEBHOOK)
    attempt = Attempt(is_delivered=True, status=204)
    assert await move(work, notice, Channel.WEBHOOK, attempt)

    (after,) = await listed(work)
    assert after.webhook == notice.webhook.after(attempt, NOON)
    assert after.webhook.state is State.DELIVERED
    assert after.mail == new_delivery(NOON)
    assert await taken(work, Channel.WEBHOOK, NOON * 2) == []


async def test_who_comes_too_late_changes_nothing(works: Works, booked: Booked) -> None:
    ours, theirs = works
    reach(booked, 5)
    (mine,) = await taken(ours)
    (other,) = await taken(theirs, now=NOON + LEASE_SECONDS)

    assert not await move(ours, mine, Channel.MAIL, Attempt(is_delivered=False))
    assert await move(theirs, other, Channel.MAIL, Attempt(is_delivered=True))
    assert (await listed(ours))[0].mail.state is State.DELIVERED


async def test_what_is_undone_was_not_taken_up(work: UnitOfWorkPort, booked: Booked) -> None:
    reach(booked, 5)
    await undone(work, lambda ports: ports.notices.take_due(Channel.MAIL, NOON, 5))

    assert len(await taken(work)) == 1


async def test_old_ones_are_removed_a_few_at_a_time(work: UnitOfWorkPort, booked: Booked) -> None:
    booked.write(charge(asked(1, tariff=tariff_of(requests=1, vins=1), vin="V")))
    async with work.change() as ports:
        assert await ports.notices.prune(NOON, limit=9) == 0
        assert await ports.notices.prune(NOON + 1, limit=4) == 4
        assert await ports.notices.prune(NOON + 1, limit=4) == 2
        assert await ports.notices.prune(NOON + 1, limit=4) == 0

    assert await listed(work) == []
