"""A disk that is full, locked, slow or broken."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from plg.domain.errors import LedgerUnavailable
from plg.domain.usage import Counted
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
from tests.integration.sql.ledger.slow import BrokenConnection, SlowConnection

PATIENCE = 0.3


@pytest.fixture
def slow() -> Iterator[type[SlowConnection]]:
    SlowConnection.open_gate()
    yield SlowConnection
    SlowConnection.open_gate()


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


async def test_what_is_durable_too_late_is_void(path: Path, slow: type[SlowConnection]) -> None:
    async with opened(path, patience_seconds=PATIENCE, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0)))
        slow.close_gate()
        answers = await asyncio.gather(*(told(ledger, charge(asked(n))) for n in (1, 2)))
        assert all(isinstance(answer, LedgerUnavailable) for answer in answers)
        assert {*next((path.parent / "given_up").iterdir()).read_text().split()} == {
            asked(1).id,
            asked(2).id,
        }
        slow.open_gate()
        await ledger.drain()

        assert [(each.sequence, each.units, each.voids) for each in records(path)] == [
            (1, 1, None), (2, 1, None), (3, 1, None), (4, -1, 2), (5, -1, 3),
        ]  # fmt: skip
        assert (
            await counted(ledger, charge(asked(9, tariff=tariff_of(requests=2))))
        ).left_today == 0
    assert not list((path.parent / "given_up").iterdir())
    assert (await verified(path)).is_good


async def test_a_reservation_that_is_durable_too_late_is_given_back(
    path: Path, slow: type[SlowConnection]
) -> None:
    tariff = tariff_of(requests=1)
    async with opened(path, patience_seconds=PATIENCE, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0, account="01BEN00000000000000000000B")))
        slow.close_gate()
        assert isinstance(await told(ledger, reserve(asked(1, tariff=tariff))), LedgerUnavailable)
        slow.open_gate()
        await ledger.drain()

        assert await counted(ledger, charge(asked(2, tariff=tariff)))


async def test_what_was_given_up_while_it_is_written_is_void_and_not_told(
    path: Path, slow: type[SlowConnection]
) -> None:
    told_of: list[object] = []
    async with opened(path, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0)))
        slow.close_gate()
        ticket = ledger.submit(charge(asked(1, idempotency_key="k")), told_of.append)
        await asyncio.to_thread(slow.reached.wait, 10)
        assert not ticket.give_up()
        slow.open_gate()
        await ledger.drain()

        assert told_of == []
        assert [record.voids for record in records(path)] == [None, None, 2]
        assert not (await counted(ledger, charge(asked(2, idempotency_key="k")))).is_repeat


async def test_no_repeat_is_told_of_a_record_that_is_taken_back(
    path: Path, slow: type[SlowConnection]
) -> None:
    async with opened(path, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0)))
        slow.close_gate(is_durable_first=True)
        first = ledger.submit(charge(asked(1, idempotency_key="k")), print)
        await asyncio.to_thread(slow.reached.wait, 10)
        assert not first.give_up()
        again = promised(ledger, charge(asked(2, idempotency_key="k")))
        await asyncio.sleep(0)
        slow.open_gate()
        time.sleep(0.2)  # the writer goes on before the event loop hears of the first group

        answer = await again
        await ledger.drain()

        assert isinstance(answer, Counted)
        assert answer.sequence not in [record.voids for record in records(path)]


async def test_what_was_given_up_and_then_not_recorded_needs_no_void(
    path: Path, slow: type[SlowConnection]
) -> None:
    tariff = tariff_of(requests=1)
    async with opened(path, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0, tariff=tariff, idempotency_key="k")))
        slow.close_gate()
        refused = ledger.submit(charge(asked(1, tariff=tariff)), print)
        repeat = ledger.submit(charge(asked(2, tariff=tariff, idempotency_key="k")), print)
        await asyncio.to_thread(slow.reached.wait, 10)
        assert (refused.give_up(), repeat.give_up()) == (False, False)
        slow.open_gate()
        await ledger.drain()

    assert len(records(path)) == 1
    assert not list((path.parent / "given_up").iterdir())


async def test_what_was_given_up_in_a_group_that_failed_gives_its_unit_back(path: Path) -> None:
    tariff = tariff_of(requests=1)
    async with opened(path, connection_type=BrokenConnection) as ledger:
        await told(ledger, reserve(asked(1, tariff=tariff)))
        BrokenConnection.failures, BrokenConnection.is_durable = 1, False
        BrokenConnection.reached.clear()
        BrokenConnection.gate.clear()
        ticket = ledger.submit(settle(asked(1, tariff=tariff)), print)
        await asyncio.to_thread(BrokenConnection.reached.wait, 10)
        assert not ticket.give_up()
        BrokenConnection.gate.set()
        await ledger.drain()

        assert await counted(ledger, charge(asked(2, tariff=tariff)))


async def test_on_a_file_that_is_no_database_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    path.write_bytes(b"no database" * 1000)
    async with opened(path) as ledger:
        assert isinstance(await told(ledger, charge(asked(1))), LedgerUnavailable)


@pytest.mark.parametrize("is_durable", [True, False])
async def test_after_a_commit_that_failed_nothing_stands(path: Path, is_durable: bool) -> None:
    async with opened(path, connection_type=BrokenConnection) as ledger:
        await told(ledger, charge(asked(0)))
        BrokenConnection.failures, BrokenConnection.is_durable = 1, is_durable
        BrokenConnection.gate.set()
        assert isinstance(await told(ledger, charge(asked(1))), LedgerUnavailable)
        await ledger.drain()

        found = [(record.id == asked(1).id, record.voids) for record in records(path)[1:]]
        assert found == ([(True, None), (False, 2)] if is_durable else [])
    assert (await verified(path)).is_good


async def test_stopping_does_not_wait_for_ever(path: Path, slow: type[SlowConnection]) -> None:
    slow.open_gate()
    async with opened(path, patience_seconds=PATIENCE, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0)))
        slow.close_gate()
        stuck = promised(ledger, charge(asked(1)))
        await asyncio.to_thread(slow.reached.wait, 10)

    assert isinstance(stuck.result(), LedgerUnavailable)
    assert len(list((path.parent / "given_up").iterdir())) == 1
    slow.open_gate()


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
