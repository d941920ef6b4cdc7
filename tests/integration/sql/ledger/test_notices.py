"""Thresholds are written with the records that reach them: all of them, each once."""

import asyncio
import random
import sqlite3
from pathlib import Path

from plg.adapters.sql.ledger.group_commit.notices import Noticed
from plg.domain.errors import QuotaExceeded
from plg.domain.ledger.periods import period_start
from plg.domain.ledger.usage import day_of
from plg.domain.notices.thresholds import PERCENTS, Reached, percents_of
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, BEN, CENT, asked, charge, tariff_of
from tests.integration.sql.ledger.charger import TOLD_CAP
from tests.integration.sql.ledger.files import counted, opened, promised, rows, told
from tests.integration.sql.ledger.test_kills import killed, start

TEN = tariff_of(requests=10)
KILLS = 12


def percents(path: Path, account: str = ANA) -> list[int]:
    query = "SELECT percent FROM notices WHERE account_id = ? ORDER BY period, percent"
    return [percent for (percent,) in rows(path, query, account)]


async def test_of_many_at_once_each_threshold_is_written_once(path: Path) -> None:
    async with opened(path) as ours, opened(path) as theirs:
        charges = [charge(asked(number, tariff=TEN)) for number in range(60)]
        await asyncio.gather(
            *(promised((ours, theirs)[n % 2], each) for n, each in enumerate(charges))
        )

    assert percents(path) == list(PERCENTS)


async def test_processes_that_race_for_a_quota_tell_each_threshold_once(path: Path) -> None:
    processes = [await start("race", path, first) for first in (0, 1000)]
    await asyncio.gather(*(process.communicate() for process in processes))

    assert rows(path, "SELECT requests FROM ledger_days") == [(100,)]
    assert percents(path) == list(PERCENTS)


async def test_whenever_it_is_killed_what_is_reached_is_told(path: Path) -> None:
    chance, seen = random.Random(11), set()
    for number in range(KILLS):
        process = await start("reach", path, number * 1_000_000)
        await killed(process, chance.randrange(1, 1200))
        for account in (ANA, BEN):
            spent = rows(
                path,
                "SELECT sum(units * unit_price) FROM usage_records WHERE account_id = ?",
                account,
            )[0][0]
            expected = percents_of(spent or 0, TOLD_CAP.nanos)
            assert percents(path, account) == list(expected)
            seen.add(expected)

    assert len(seen) >= 3  # it was killed before, between and after


async def test_another_process_tells_nothing_anew(path: Path) -> None:
    for number in range(3):
        async with opened(path) as ledger:
            await counted(ledger, charge(asked(number, tariff=tariff_of(requests=4))))

    ids = rows(path, "SELECT id FROM notices")
    assert percents(path) == [50]
    async with opened(path) as ledger:
        await counted(ledger, charge(asked(9, tariff=tariff_of(requests=4))))
    assert ids[0] in rows(path, "SELECT id FROM notices")
    assert percents(path) == list(PERCENTS)


async def test_a_cap_that_refuses_is_told_though_nothing_is_recorded(path: Path) -> None:
    async with opened(path) as ledger:
        answer = await told(ledger, charge(asked(1, tariff=tariff_of(cap=CENT))))

    assert isinstance(answer, QuotaExceeded)
    assert rows(path, "SELECT kind, period, percent, used, most, currency FROM notices") == [
        ("spend_cap", day_of(period_start(NOON)), 100, "0", str(CENT), "EUR")
    ]


async def test_what_failed_to_be_written_is_told_by_the_next(path: Path) -> None:
    """What is known of notices comes of what is on disk alone."""
    async with opened(path, connection_type=FailingOnce) as ledger:
        FailingOnce.is_armed = True
        await told(ledger, charge(asked(1, tariff=tariff_of(requests=1))))
        answer = await told(ledger, charge(asked(2, tariff=tariff_of(requests=2))))
        assert not isinstance(answer, QuotaExceeded)

    recorded = rows(path, "SELECT requests FROM ledger_days")[0][0]
    assert percents(path) == list(percents_of(recorded, 2))
    assert percents(path) != []


async def test_what_is_known_to_be_told_is_not_written_again(path: Path) -> None:
    CountingNotices.written = 0
    async with opened(path, connection_type=CountingNotices) as ledger:
        for number in range(7):
            await counted(ledger, charge(asked(number, tariff=TEN)))

    assert (CountingNotices.written, percents(path)) == (1, [50])


class CountingNotices(sqlite3.Connection):
    """Counts how often notices are written."""

    written = 0

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
        CountingNotices.written += "INTO notices" in sql
        return super().execute(sql, *args)  # type: ignore[arg-type]


class FailingOnce(sqlite3.Connection):
    """Fails to commit the first notices."""

    is_armed = False

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
        if "INTO notices" in sql and FailingOnce.is_armed:
            FailingOnce.is_armed = False
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *args)  # type: ignore[arg-type]


def test_what_is_known_takes_bounded_memory() -> None:
    noticed = Noticed(known_max=10)
    for day in range(100):
        noticed.remember([Reached(ANA, "requests_per_day", day, 50, 1, 2)])
        assert len(noticed._known) <= 10  # noqa: SLF001 - there is no other way to see it
