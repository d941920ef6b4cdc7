"""A disk that is full, locked, slow or broken."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from plg.domain.errors import LedgerUnavailable
from plg.domain.ledger.usage import Counted
from tests.fakes.usage import asked, charge, reserve, settle, tariff_of
from tests.integration.sql.ledger.files import (
    counted,
    opened,
    promised,
    records,
    rows,
    told,
    verified,
)
from tests.integration.sql.ledger.slow import SlowConnection

PATIENCE = 0.3


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


class FullConnection(sqlite3.Connection):
    """Has a disk with as many pages as it uses now, while `is_full`."""

    is_full = False

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
        if sql == "BEGIN IMMEDIATE":
            (pages,) = super().execute("PRAGMA page_count").fetchone()
            limit = pages if type(self).is_full else 1_000_000
            super().execute(f"PRAGMA max_page_count = {limit}")
        return super().execute(sql, *cast("Any", args))


async def test_while_others_write_it_waits_for_them(path: Path) -> None:
    async with opened(path) as ledger:
        await told(ledger, charge(asked(0)))
        with locked(path):
            waiting = promised(ledger, charge(asked(1)))
            await asyncio.sleep(0)

        assert (await waiting) is not None
        assert len(records(path)) == 2


async def test_locked_for_too_long_it_fails_and_nothing_is_recorded(path: Path) -> None:
    async with opened(path, patience_seconds=PATIENCE) as ledger:
        await told(ledger, charge(asked(0)))
        with locked(path):
            answers = await asyncio.gather(*(told(ledger, charge(asked(n))) for n in range(1, 9)))
        assert all(isinstance(answer, LedgerUnavailable) for answer in answers)

        assert (await counted(ledger, charge(asked(9)))).sequence == 2
    assert [record.id for record in records(path)] == [asked(0).id, asked(9).id]


async def test_a_settlement_that_found_it_locked_gives_its_unit_back(path: Path) -> None:
    tariff = tariff_of(requests=1)
    async with opened(path, patience_seconds=PATIENCE) as ledger:
        await told(ledger, reserve(asked(1, tariff=tariff)))
        with locked(path):
            answer = await told(ledger, settle(asked(1, tariff=tariff)))
        assert isinstance(answer, LedgerUnavailable)
        await ledger.drain()

        assert await counted(ledger, charge(asked(2, tariff=tariff)))


async def test_with_a_full_disk_it_fails_and_goes_on_when_there_is_room(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")  # no page is left over from migrations
    async with opened(path, connection_type=FullConnection) as ledger:
        await told(ledger, charge(asked(0)))
        FullConnection.is_full = True
        with capture_logs() as logs:
            answers = [await told(ledger, charge(asked(n))) for n in range(1, 30)]
            FullConnection.is_full = False
            assert await counted(ledger, charge(asked(30)))
    good = [answer for answer in answers if isinstance(answer, Counted)]
    bad = [answer for answer in answers if isinstance(answer, LedgerUnavailable)]

    assert len(good) + len(bad) == 29
    assert bad
    assert len(records(path)) == 2 + len(good)
    assert [log["event"] for log in logs] == [
        "the ledger cannot be written",
        "the ledger is written again",
    ]
    assert (await verified(path)).is_good


async def test_without_its_file_it_fails_and_makes_none(tmp_path: Path, path: Path) -> None:
    missing = tmp_path / "missing.sqlite3"
    async with opened(missing) as ledger:
        assert isinstance(await told(ledger, charge(asked(1))), LedgerUnavailable)
        assert not missing.exists()
        path.rename(missing)

        assert await counted(ledger, charge(asked(2)))


async def test_with_too_much_waiting_it_takes_no_more(path: Path) -> None:
    async with opened(path, patience_seconds=PATIENCE, waiting_max=3) as ledger:
        with locked(path):
            waiting = [promised(ledger, charge(asked(number))) for number in range(3)]
            with pytest.raises(LedgerUnavailable):
                ledger.submit(charge(asked(3)), print)
            await asyncio.gather(*waiting)
        assert await counted(ledger, charge(asked(4)))


async def test_what_waits_for_another_with_its_key_does_not_wait_longer_than_a_lock(
    path: Path,
) -> None:
    async with opened(path, patience_seconds=PATIENCE) as ledger:
        await told(ledger, reserve(asked(1, idempotency_key="k")))
        second = promised(ledger, charge(asked(2, idempotency_key="k")))
        await told(ledger, charge(asked(3)))  # by then the second is known to have to wait
        with locked(path):
            async with asyncio.timeout(10 * PATIENCE):
                assert isinstance(await second, LedgerUnavailable)

        assert await counted(ledger, settle(asked(1, idempotency_key="k")))


async def test_before_the_start_it_takes_nothing(path: Path) -> None:
    async with opened(path) as ledger:
        pass

    with pytest.raises(LedgerUnavailable):
        ledger.submit(charge(asked(1)), print)
    await ledger.close()


async def test_what_cannot_be_recorded_fails_alone(path: Path) -> None:
    async with opened(path) as ledger:
        await told(ledger, charge(asked(0)))
        with locked(path):  # so that they share a group
            waiting = [promised(ledger, charge(asked(number))) for number in (1, 0, 2)]
            await asyncio.sleep(0)
        with capture_logs() as logs:
            one, twice, two = await asyncio.gather(*waiting)

        assert isinstance(twice, LedgerUnavailable)
        assert isinstance(one, Counted)
        assert isinstance(two, Counted)
        assert (one.sequence, two.sequence) == (2, 3)
    assert [log["event"] for log in logs] == ["an operation cannot be recorded"]
    assert (await verified(path)).is_good


async def test_on_a_file_that_is_no_database_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    path.write_bytes(b"no database" * 1000)
    async with opened(path) as ledger:
        assert isinstance(await told(ledger, charge(asked(1))), LedgerUnavailable)


async def test_a_stop_ends_though_who_is_told_submits_the_next(
    path: Path, slow: type[SlowConnection]
) -> None:
    refused: list[LedgerUnavailable] = []
    numbers = count(1)
    async with opened(path, patience_seconds=PATIENCE, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0)))
        slow.close_gate()

        def submit_the_next(_answer: object) -> None:
            try:
                ledger.submit(charge(asked(next(numbers))), submit_the_next)
            except LedgerUnavailable as error:
                refused.append(error)

        for _ in range(2):
            submit_the_next(None)

    assert len(refused) == 2
    slow.open_gate()


async def test_a_stop_gives_back_what_is_reserved(path: Path) -> None:
    async with opened(path) as ledger:
        await told(ledger, reserve(asked(1)))
        assert len(rows(path, "SELECT id FROM reservations")) == 1

    assert rows(path, "SELECT id FROM reservations") == []
    assert rows(path, "SELECT id FROM incarnations") == []
