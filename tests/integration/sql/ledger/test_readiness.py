"""Whether what is billable can be written is known before anybody asks for it."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from plg.adapters.sql.ledger.group_commit.checkpoints import Checkpoints
from plg.adapters.sql.ledger.group_commit.file import LedgerFile
from plg.adapters.sql.ledger.group_commit.ledger import SqlLedger
from plg.domain.errors import LedgerUnavailable, StorageUnavailable
from plg.domain.ledger.usage import Counted
from tests.fakes.usage import asked, charge
from tests.integration.sql.ledger.files import opened, promised, records, told, verified
from tests.integration.sql.ledger.slow import FaultyConnection, SlowConnection
from tests.integration.sql.ledger.test_faults import FullConnection, locked

PATIENCE = 0.2


@pytest.fixture
def faulty() -> Iterator[type[FaultyConnection]]:
    yield FaultyConnection
    FaultyConnection.fails_at, FaultyConnection.is_done_first = None, False


@pytest.fixture
def full() -> Iterator[type[FullConnection]]:
    yield FullConnection
    FullConnection.is_full = False


async def is_ready(ledger: SqlLedger) -> bool:
    try:
        await ledger.ping()
    except StorageUnavailable:
        return False
    return True


async def test_it_is_ready_while_it_is_open(path: Path) -> None:
    async with opened(path) as ledger:
        assert await is_ready(ledger)
        await told(ledger, charge(asked(1)))
        assert await is_ready(ledger)

    assert not await is_ready(ledger)


async def test_without_its_file_it_is_not_ready_though_nobody_asks(tmp_path: Path) -> None:
    async with opened(tmp_path / "missing.sqlite3") as ledger, asyncio.timeout(20):
        while await is_ready(ledger):  # noqa: ASYNC110 - until a thread's first heartbeat fails
            await asyncio.sleep(0)


async def test_with_a_full_disk_it_is_not_ready_until_there_is_room(
    path: Path, full: type[FullConnection]
) -> None:
    async with opened(path, connection_type=full) as ledger:
        full.is_full = True
        number = 0
        while not isinstance(await told(ledger, charge(asked(number))), LedgerUnavailable):
            number += 1
        assert not await is_ready(ledger)
        full.is_full = False
        await told(ledger, charge(asked(number + 1)))

        assert await is_ready(ledger)


async def test_locked_by_others_for_too_long_it_is_not_ready(path: Path) -> None:
    async with opened(path, patience_seconds=PATIENCE) as ledger:
        await told(ledger, charge(asked(0)))
        with locked(path):
            for number in (1, 2):
                assert isinstance(await told(ledger, charge(asked(number))), LedgerUnavailable)

            assert not await is_ready(ledger)
        await told(ledger, charge(asked(3)))
        assert await is_ready(ledger)


async def test_on_a_disk_that_never_answers_it_is_not_ready(
    path: Path, slow: type[SlowConnection]
) -> None:
    async with opened(path, patience_seconds=PATIENCE, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0)))
        slow.close_gate()
        for number in (1, 2):
            assert isinstance(await told(ledger, charge(asked(number))), LedgerUnavailable)

        assert not await is_ready(ledger)
        slow.open_gate()


async def test_an_operation_that_cannot_be_leaves_it_ready(path: Path) -> None:
    async with opened(path, patience_seconds=PATIENCE) as ledger:
        await told(ledger, charge(asked(0)))
        assert isinstance(await told(ledger, charge(asked(0))), LedgerUnavailable)
        await asyncio.sleep(PATIENCE)

        assert await is_ready(ledger)


async def test_a_writer_that_ends_is_told_and_fails_what_waits_at_once(
    path: Path, faulty: type[FaultyConnection]
) -> None:
    ended: list[str] = []
    async with opened(
        path, on_end=lambda name, _: ended.append(name), connection_type=faulty
    ) as ledger:
        await told(ledger, charge(asked(0)))
        faulty.fails_at = "BEGIN IMMEDIATE"
        answers = await asyncio.gather(*(told(ledger, charge(asked(n))) for n in (1, 2)))

        assert all(isinstance(answer, LedgerUnavailable) for answer in answers)
        assert ended == ["ledger"]
        assert not await is_ready(ledger)
        with pytest.raises(LedgerUnavailable):
            promised(ledger, charge(asked(3)))
    assert len(records(path)) == 1


async def test_what_it_had_written_without_telling_is_taken_back_after_the_next_start(
    path: Path, faulty: type[FaultyConnection]
) -> None:
    async with opened(path, patience_seconds=PATIENCE, connection_type=faulty) as ledger:
        await told(ledger, charge(asked(0)))
        faulty.fails_at, faulty.is_done_first = "COMMIT", True
        assert isinstance(await told(ledger, charge(asked(1))), LedgerUnavailable)
    faulty.fails_at = None
    async with opened(path) as ledger:
        await ledger.drain()

    assert [record.voids for record in records(path)] == [None, None, 2]
    assert (await verified(path)).is_good


async def test_a_writer_that_ends_keeps_nobody_out(
    path: Path, faulty: type[FaultyConnection]
) -> None:
    async with opened(path, patience_seconds=PATIENCE, connection_type=faulty) as ledger:
        await told(ledger, charge(asked(0)))
        faulty.fails_at = "COMMIT"  # in the middle of its transaction
        assert isinstance(await told(ledger, charge(asked(1))), LedgerUnavailable)
        with locked(path):
            pass


def test_checkpoints_that_end_are_told(path: Path, faulty: type[FaultyConnection]) -> None:
    ended: Queue[str] = Queue()
    checkpoints = Checkpoints(
        LedgerFile(path, connection_type=faulty), lambda name, _: ended.put(name), pages=1
    )
    faulty.fails_at = "PRAGMA wal_checkpoint(PASSIVE)"
    checkpoints.start()
    checkpoints.wrote(1, LedgerFile(path).connect())

    assert ended.get(timeout=20) == "checkpoints"
    checkpoints.stop(20)


@pytest.mark.parametrize("is_replaced", [False, True])
async def test_without_the_file_that_it_began_with_nothing_is_answered_until_it_is_back(
    path: Path, *, is_replaced: bool
) -> None:
    other = path.with_name("other.sqlite3")
    shutil.copy(path, other)
    async with opened(path, patience_seconds=PATIENCE, looks_every=0.0) as ledger:
        await told(ledger, charge(asked(0)))
        path.rename(path.with_name("moved.sqlite3"))
        if is_replaced:
            other.rename(path)
        for number in (1, 2):
            assert isinstance(await told(ledger, charge(asked(number))), LedgerUnavailable)
        assert not await is_ready(ledger)
        path.with_name("moved.sqlite3").replace(path)
        while not isinstance(await told(ledger, charge(asked(3))), Counted):
            pass

        assert await is_ready(ledger)
    assert [record.id for record in records(path)] == [asked(0).id, asked(3).id]


async def test_a_file_that_comes_late_is_written_to(path: Path) -> None:
    late = path.with_name("late.sqlite3")
    async with opened(late, patience_seconds=PATIENCE, looks_every=0.0) as ledger:
        assert isinstance(await told(ledger, charge(asked(0))), LedgerUnavailable)
        shutil.copy(path, late)
        while not isinstance(await told(ledger, charge(asked(1))), Counted):
            pass

        assert await is_ready(ledger)


async def test_the_file_is_looked_at_now_and_then_and_not_for_each_group(path: Path) -> None:
    async with opened(path, looks_every=1000.0) as ledger:
        await told(ledger, charge(asked(0)))
        path.rename(path.with_name("moved.sqlite3"))

        assert isinstance(await told(ledger, charge(asked(1))), Counted)
