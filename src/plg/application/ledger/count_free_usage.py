"""Count answers that nobody pays for."""

import asyncio
from itertools import islice
from typing import Final

from plg.application.background import Job, every
from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort
from plg.application.shielded import shielded
from plg.domain.ledger.free_usage import MINUTE, OTHERS, FreeUsageSum, minute_of
from plg.domain.limits.rates import DAY_SECONDS

COUNTED_MAX: Final = 20_000
WAITING_MAX: Final = 100_000
WRITE_SECONDS: Final = 5.0
WRITE_STEP: Final = 2_000
PRUNE_SECONDS: Final = 3600.0
PRUNE_STEP: Final = 500
KEPT_DAYS: Final = 400

_Name = tuple[str, str, str]


class FreeUsageTally:
    """
    Counts in memory, in so little time that every answer can be counted.

    Past `counted_max` names within some seconds, accounts are not told apart; past `waiting_max`
    sums that a database which is down does not take, what is new is dropped.
    """

    __slots__ = ("_counted_max", "_counts", "_minute", "_waiting", "_waiting_max", "dropped")

    def __init__(self, counted_max: int = COUNTED_MAX, waiting_max: int = WAITING_MAX) -> None:
        self._counted_max = counted_max
        self._waiting_max = waiting_max
        self._counts: dict[_Name, list[int]] = {}  # of one: found once, and changed in place
        self._waiting: dict[tuple[int, *_Name], int] = {}
        self._minute = 0
        self.dropped = 0

    def __len__(self) -> int:
        """How many sums wait to be written."""
        return len(self._waiting)

    def note(self, account_id: str, resource: str, metered: str) -> None:
        """Count one answer."""
        try:
            self._counts[account_id, resource, metered][0] += 1
        except KeyError:
            self._begin(account_id, resource, metered)

    def cut(self, now: float) -> None:
        """Let what was counted wait, as of the minute of the cut before; a new minute may begin."""
        counts, self._counts = self._counts, {}
        minute = self._minute or minute_of(now)
        self._minute = minute_of(now)
        for (account_id, resource, metered), (count,) in counts.items():
            place = (minute, account_id, resource, str(metered))
            known = self._waiting.get(place)
            if known is None and len(self._waiting) >= self._waiting_max:
                self.dropped += count
            else:
                self._waiting[place] = (known or 0) + count

    def _begin(self, account_id: str, resource: str, metered: str) -> None:
        counts = self._counts
        if len(counts) < self._counted_max:
            counts[account_id, resource, metered] = [1]
        else:
            counts.setdefault((OTHERS, resource, metered), [0])[0] += 1

    def first(self, count: int) -> list[FreeUsageSum]:
        """Return sums that have waited longest."""
        return [FreeUsageSum(*place, n) for place, n in islice(self._waiting.items(), count)]

    def written(self, sums: list[FreeUsageSum]) -> None:
        """Forget what is written down."""
        for each in sums:
            self._waiting.pop(each[:-1])


class CountFreeUsage:
    """Writes the tally down; removes what is old."""

    def __init__(self, tally: FreeUsageTally, work: UnitOfWorkPort, clock: ClockPort) -> None:
        self.tally = tally
        self._work = work
        self._clock = clock

    @property
    def jobs(self) -> tuple[Job, ...]:
        """What is to be done again and again; what was counted is written at the end, too."""
        return (
            Job("write_free_usage", self.write, self._until_next, is_done_at_end=True),
            Job("prune_free_usage", self.prune, every(PRUNE_SECONDS)),
        )

    def _until_next(self) -> float:
        # A cut at the end of each minute, so that each answer counts in its own.
        return min(WRITE_SECONDS, MINUTE - self._clock.now() % MINUTE)

    async def write(self) -> None:
        """
        Write down what was counted.

        Raises:
            StorageUnavailable: If the database fails; what was not written keeps waiting.
        """
        self.tally.cut(self._clock.now())
        while sums := self.tally.first(WRITE_STEP):
            await shielded(self._add(sums))

    async def prune(self) -> None:
        """
        Remove sums that nobody looks at any more, some at a time.

        Raises:
            StorageUnavailable: If the database fails.
        """
        before = minute_of(self._clock.now() - KEPT_DAYS * DAY_SECONDS)
        removed = PRUNE_STEP
        while removed == PRUNE_STEP:
            removed = await shielded(self._prune(before))
            await asyncio.sleep(0)

    async def _add(self, sums: list[FreeUsageSum]) -> None:
        async with self._work.change() as work:
            await work.free_usage.add(sums)
        self.tally.written(sums)

    async def _prune(self, before: int) -> int:
        async with self._work.change() as work:
            return await work.free_usage.prune(before, limit=PRUNE_STEP)
