"""Answers that nobody pays for are counted."""

import pytest

from plg.application.ledger.count_free_usage import (
    KEPT_DAYS,
    WRITE_SECONDS,
    CountFreeUsage,
    FreeUsageTally,
)
from plg.application.ledger.show_free_usage import ShowFreeUsage
from plg.domain.errors import StorageUnavailable
from plg.domain.ledger.free_usage import FreeUsageTotal
from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.plans.plans import Metered
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.work import MemoryWork

MINUTE = int(NOON // 60)


class Counting:
    """A tally, and what writes it down."""

    def __init__(self, **sizes: int) -> None:
        self.work, self.clock = MemoryWork(), StoppedClock()
        self.tally = FreeUsageTally(**sizes)
        self.count = CountFreeUsage(self.tally, self.work, self.clock)
        self.tally.cut(NOON)

    @property
    def sums(self) -> dict[tuple[int, str, str, str], int]:
        return self.work.tables.free_usage


@pytest.fixture
def counting() -> Counting:
    return Counting()


async def test_each_answer_is_counted_once(counting: Counting) -> None:
    for account, metered in (("service", Metered.HIT), ("service", Metered.HIT), ("ana", "failed")):
        counting.tally.note(account, "players", metered)
    await counting.count.write()
    await counting.count.write()

    assert counting.sums == {
        (MINUTE, "service", "players", "hit"): 2,
        (MINUTE, "ana", "players", "failed"): 1,
    }


async def test_what_is_counted_later_is_added(counting: Counting) -> None:
    for _ in range(3):
        counting.tally.note("service", "players", "hit")
        await counting.count.write()

    assert counting.sums == {(MINUTE, "service", "players", "hit"): 3}


async def test_an_answer_counts_in_the_minute_before_the_cut(counting: Counting) -> None:
    counting.tally.note("service", "players", "hit")
    counting.clock.advance(60)
    await counting.count.write()
    counting.tally.note("service", "players", "hit")
    await counting.count.write()

    assert [place[0] for place in counting.sums] == [MINUTE, MINUTE + 1]


async def test_a_database_that_is_down_loses_nothing(counting: Counting) -> None:
    counting.tally.note("service", "players", "hit")
    counting.work.is_down = True
    with pytest.raises(StorageUnavailable):
        await counting.count.write()
    assert len(counting.tally) == 1

    counting.work.is_down = False
    counting.tally.note("service", "players", "hit")
    await counting.count.write()
    assert counting.sums == {(MINUTE, "service", "players", "hit"): 2}
    assert len(counting.tally) == 0


async def test_past_a_bound_accounts_are_not_told_apart() -> None:
    counting = Counting(counted_max=2)
    for account in ("a", "b", "c", "d", "a"):
        counting.tally.note(account, "players", "hit")
    await counting.count.write()

    assert {place[1]: count for place, count in counting.sums.items()} == {"a": 2, "b": 1, "*": 2}


async def test_what_waits_is_bounded() -> None:
    counting = Counting(waiting_max=2)
    for account in ("a", "b", "c"):
        counting.tally.note(account, "players", "hit")
    counting.tally.cut(NOON)
    counting.tally.note("a", "players", "hit")
    counting.tally.cut(NOON)

    assert (len(counting.tally), counting.tally.dropped) == (2, 1)
    await counting.count.write()
    assert {place[1]: count for place, count in counting.sums.items()} == {"a": 2, "b": 1}


async def test_it_is_written_every_few_seconds_at_each_minutes_end_and_at_the_end(
    counting: Counting,
) -> None:
    write = counting.count.jobs[0]
    counting.clock.advance(2)
    pauses = []
    for _ in range(9):
        pauses.append(write.pause())
        counting.clock.advance(pauses[-1])

    assert pauses == [WRITE_SECONDS] * 7 + [3.0, WRITE_SECONDS]
    assert (write.work, write.is_done_at_end) == (counting.count.write, True)


async def test_old_sums_are_removed(counting: Counting) -> None:
    for account in range(1200):
        counting.tally.note(str(account), "players", "hit")
    await counting.count.write()
    counting.clock.advance(KEPT_DAYS * DAY_SECONDS)
    counting.tally.note("young", "players", "hit")
    counting.tally.cut(counting.clock.now())
    counting.tally.note("young", "players", "hit")
    await counting.count.write()
    counting.clock.advance(120)
    await counting.count.prune()

    assert [place[1:2] for place in counting.sums] == [("young",)]


async def test_sums_are_shown_over_minutes(counting: Counting) -> None:
    for minute in range(3):
        for account in ("ben", "ana"):
            counting.tally.note(account, "players", "hit")
        counting.clock.advance(60)
        await counting.count.write()
        assert counting.clock.now() == NOON + 60 * (minute + 1)
    show = ShowFreeUsage(counting.work)

    async def found(account: str | None, first: float, last: float) -> list[FreeUsageTotal]:
        return [each async for each in show(account, NOON + first, NOON + last)]

    assert await found(None, 0, 180) == [
        FreeUsageTotal("ana", "players", "hit", 3),
        FreeUsageTotal("ben", "players", "hit", 3),
    ]
    assert await found("ana", 60, 61) == [FreeUsageTotal("ana", "players", "hit", 1)]
    assert await found("nobody", 0, 180) == []
