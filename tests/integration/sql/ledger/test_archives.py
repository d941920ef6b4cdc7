"""Billed records move out of a real file, whatever happens meanwhile."""

import asyncio
import os
import random
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from plg.adapters.files.archives import GzipArchives
from plg.adapters.sql.ledger.group_commit.file import LedgerFile
from plg.domain.ledger.verification.chains import SealedRecord
from plg.domain.ledger.verification.findings import Fault
from tests.fakes.clock import StoppedClock
from tests.fakes.usage import ANA, BEN, asked, charge
from tests.integration import ledgers
from tests.integration.contracts.works import copied
from tests.integration.sql.ledger.billing import bill, hits, make_history
from tests.integration.sql.ledger.files import counted, opened, rows, verified
from tests.integration.sql.ledger.keeping import LATER, keeping
from tests.integration.sql.ledger.test_verify import tamper
from tests.length import times

ARCHIVER = Path(__file__).with_name("archiver.py")
ROOT = ARCHIVER.parents[4]
ROUNDS = times(short=1, long=4)
KILLS = 2


@pytest.fixture
async def billed(path: Path) -> Path:
    """Of Ana 1 to 40 and of Ben 1 to 10 are billed, 41 to 45 are not."""
    await make_history(path)
    return path


def left(path: Path, account_id: str = ANA) -> list[int]:
    query = "SELECT sequence FROM usage_records WHERE account_id = ? ORDER BY sequence"
    return [row[0] for row in rows(path, query, account_id)]


async def in_files(folder: Path) -> list[tuple[str, int]]:
    found = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        async for page in GzipArchives().pages(path):
            records = [each.record for each in page if isinstance(each, SealedRecord)]
            found += [(record.account_id, record.sequence) for record in records]
    return found


async def test_billed_records_are_in_files_and_the_ledger_fits(billed: Path) -> None:
    async with keeping(billed) as keeper:
        report = await keeper.archive()

    assert (report.removed, report.findings.count) == (50, 0)
    assert (left(billed), left(billed, BEN)) == ([41, 42, 43, 44, 45], [])
    assert len(await in_files(billed.parent / "archive")) == 50
    found = await verified(billed, now=LATER)
    assert (found.differences, found.archived, found.records) == ([], 50, 5)


async def test_a_file_is_its_owners_only_and_fits_by_itself(billed: Path) -> None:
    async with keeping(billed) as keeper:
        for kept in (await keeper.archive()).archived:
            path = Path(kept.file)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert (await keeper.verify_file(path)).differences == []
        assert stat.S_IMODE(keeper.folder.stat().st_mode) == 0o700
        assert not list(keeper.folder.glob("*.part"))


async def test_a_ledger_goes_on_after_its_past_was_archived(billed: Path) -> None:
    async with keeping(billed) as keeper:
        await keeper.archive()
    ledgers.write(billed, hits(range(46, 60)))
    await bill(billed, at=LATER)

    assert (await verified(billed, now=LATER)).differences == []


async def test_records_are_archived_beside_a_ledger_that_is_written(billed: Path) -> None:
    async with opened(billed, StoppedClock(LATER)) as ledger, keeping(billed) as keeper:
        archiving = asyncio.create_task(keeper.archive())
        number = 100
        while not archiving.done():
            number += 1
            await counted(ledger, charge(asked(number, at=LATER)))
        assert (await archiving).findings.count == 0

    assert len(left(billed)) == 5 + number - 100
    assert (await verified(billed, now=LATER)).differences == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM usage_records WHERE sequence = 41",
        "DELETE FROM usage_records",
        "UPDATE usage_records SET units = 0 WHERE sequence = 41",
        "DELETE FROM ledger_archives",
        "UPDATE ledger_archives SET file = 'elsewhere'",
    ],
)
async def test_nothing_else_can_be_removed(billed: Path, statement: str) -> None:
    async with keeping(billed) as keeper:
        await keeper.archive()
    with (
        closing(LedgerFile(billed).connect()) as connection,
        pytest.raises(sqlite3.IntegrityError, match="is insert-only"),
    ):
        connection.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        "previous_head = randomblob(32)",
        "head = zeroblob(32)",
        "first_sequence = 2",
        "from_at = 7",
        "to_at = 7",
        "days = '[]'",
        "statements = zeroblob(32)",
        "archived_at = 7",
        "mac = zeroblob(32)",
    ],
)
async def test_a_checkpoint_that_was_changed_is_found(billed: Path, change: str) -> None:
    async with keeping(billed) as keeper:
        await keeper.archive()
    tamper(billed, f"UPDATE ledger_archives SET {change} WHERE account_id = '{BEN}'")

    report = await verified(billed, now=LATER)
    found = [(each.account_id, each.fault) for each in report.differences]
    assert (BEN, Fault.ARCHIVE) in found
    assert {account for account, _ in found} == {BEN}


async def test_records_that_were_removed_without_a_checkpoint_are_found(billed: Path) -> None:
    tamper(billed, f"DELETE FROM usage_records WHERE account_id = '{ANA}' AND sequence <= 20")

    report = await verified(billed, now=LATER)
    (missing,) = [each for each in report.differences if each.fault is Fault.MISSING]
    assert (missing.account_id, missing.detail) == (ANA, "no record of number 1 to 20")


@pytest.mark.parametrize("damage", [b"", b"no gzip", None])
async def test_a_file_that_is_damaged_is_said(billed: Path, damage: bytes | None) -> None:
    async with keeping(billed) as keeper:
        path = Path((await keeper.archive()).archived[0].file)
        path.write_bytes(path.read_bytes()[:-20] if damage is None else damage)
        with pytest.raises(Exception, match="cannot be read"):
            await keeper.verify_file(path)


@pytest.fixture(scope="module")
def long_template(tmp_path_factory: pytest.TempPathFactory, durable_template: Path) -> Path:
    """Of Ana 1 to 6,000 are billed in three closings."""
    path = copied(durable_template, tmp_path_factory.mktemp("long"))

    async def use() -> None:
        for first in (1, 2001, 4001):
            async with opened(path) as ledger:
                for number in range(first, first + 2000):
                    ledger.submit(charge(asked(number)), lambda _: None)
            await bill(path)

    asyncio.run(use())
    return path


async def run_archiver(path: Path, seconds: float | None) -> None:
    """Begin to archive, and kill it after a time; None lets it come to its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ARCHIVER),
        str(path),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        async with asyncio.timeout(seconds):
            await process.wait()
    except TimeoutError:
        process.kill()
    rest, _ = await process.communicate()
    assert seconds is not None or b"done" in rest


async def test_whenever_it_is_killed_nothing_is_lost_and_the_next_one_finishes(
    long_template: Path, tmp_path: Path
) -> None:
    chance = random.Random(7)
    for number in range(ROUNDS):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = copied(long_template, folder)
        for seconds in (*(chance.uniform(0.0, 0.6) for _ in range(KILLS)), None):
            await run_archiver(path, seconds)
            there = {each for _, each in await in_files(folder / "archive")}
            assert there | set(left(path)) == set(range(1, 6001))
            assert (await verified(path, now=LATER)).differences == []
        assert left(path) == []
        shutil.rmtree(folder)
