"""`FreeUsagePort`, kept by every durable database."""

import asyncio

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.ledger.free_usage import FreeUsageSum, FreeUsageTotal

MINUTE = 28_333_333


def sum_of(
    answers: int = 1, *, minute: int = MINUTE, account: str = "service", metered: str = "hit"
) -> FreeUsageSum:
    return FreeUsageSum(minute, account, "players", metered, answers)


async def add(work: UnitOfWorkPort, *sums: FreeUsageSum) -> None:
    async with work.change() as ports:
        await ports.free_usage.add(sums)


async def totals(
    work: UnitOfWorkPort,
    account: str | None = None,
    since: int = MINUTE,
    until: int = MINUTE + 10,
    after: FreeUsageTotal | None = None,
    limit: int = 9,
) -> list[tuple[str, str, int]]:
    async with work.look() as ports:
        found = await ports.free_usage.totals(account, since, until, after=after, limit=limit)
    return [(each.account_id, each.metered, each.answers) for each in found]


async def test_sums_are_added_up(work: UnitOfWorkPort) -> None:
    await add(work, sum_of(2), sum_of(3, minute=MINUTE + 1), sum_of(5, metered="failed"))
    await add(work, sum_of(10), sum_of(1, account="ana"))
    await add(work)

    assert await totals(work) == [
        ("ana", "hit", 1),
        ("service", "failed", 5),
        ("service", "hit", 15),
    ]


async def test_only_the_minutes_and_the_account_that_are_wanted_count(work: UnitOfWorkPort) -> None:
    await add(work, *(sum_of(10**n, minute=MINUTE + n) for n in range(4)), sum_of(7, account="ana"))

    assert await totals(work, "service", MINUTE + 1, MINUTE + 3) == [("service", "hit", 110)]
    assert await totals(work, "ana") == [("ana", "hit", 7)]
    assert await totals(work, "nobody") == []


async def test_pages_follow_each_other(work: UnitOfWorkPort) -> None:
    await add(
        work, *(sum_of(1, account=name) for name in "abc"), sum_of(2, account="b", metered="z")
    )
    first = await totals(work, limit=2)
    last = FreeUsageTotal(first[-1][0], "players", *first[-1][1:])

    assert first == [("a", "hit", 1), ("b", "hit", 1)]
    assert await totals(work, after=last) == [("b", "z", 2), ("c", "hit", 1)]


async def test_counts_are_large(work: UnitOfWorkPort) -> None:
    await add(work, sum_of(2**40))
    await add(work, sum_of(2**40))

    assert await totals(work) == [("service", "hit", 2**41)]


async def test_two_processes_add_to_one_sum(
    works: tuple[UnitOfWorkPort, UnitOfWorkPort],
) -> None:
    await asyncio.gather(*(add(work, sum_of()) for _ in range(10) for work in works))

    assert await totals(works[0]) == [("service", "hit", 20)]


async def test_old_sums_are_removed_some_at_a_time(work: UnitOfWorkPort) -> None:
    await add(work, *(sum_of(minute=MINUTE + n) for n in range(5)))
    async with work.change() as ports:
        removed = [await ports.free_usage.prune(MINUTE + 4, limit=3) for _ in range(3)]

    assert removed == [3, 1, 0]
    assert await totals(work) == [("service", "hit", 1)]
