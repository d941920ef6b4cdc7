"""Processes that are killed, and several on one file."""

import asyncio
import os
import random
import sys
from collections import Counter
from pathlib import Path

from plg.adapters.clock import SystemClock
from tests.fakes.usage import ANA, asked, charge, reserve, tariff_of
from tests.integration.sql.ledger.charger import WAITING
from tests.integration.sql.ledger.files import counted, opened, records, rows, told, verified
from tests.length import times

CHARGER = Path(__file__).with_name("charger.py")
ROOT = CHARGER.parents[4]
ROUNDS = times(short=2, long=20)


async def start(action: str, path: Path, first: int = 0) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(CHARGER),
        action,
        str(path),
        str(first),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )


async def killed(process: asyncio.subprocess.Process, lines: int) -> list[str]:
    """Kill it, without a warning, after so many lines; return all that it said."""
    assert process.stdout is not None
    said = [await process.stdout.readline() for _ in range(lines)]
    process.kill()
    rest, _ = await process.communicate()
    # What was cut off in the middle of a line was not received.
    complete = (b"".join(said) + rest).decode().split("\n")[:-1]
    return [line for line in complete if line]


async def test_whenever_it_is_killed_each_answer_has_one_record(path: Path) -> None:
    chance = random.Random(7)
    received: list[str] = []
    unheard = in_flight = 0
    for number in range(ROUNDS):
        process = await start("charge", path, number * 1_000_000)
        received += await killed(process, chance.randrange(1, 2000))
        recorded = Counter(record.id for record in records(path))
        unheard += in_flight
        in_flight = len(recorded) - len(received) - unheard

        assert max(recorded.values()) == 1
        assert set(received) <= set(recorded)
        assert 0 <= in_flight <= WAITING
        report = await verified(path)
        assert report.is_good, report.differences


async def test_what_is_told_is_in_the_file_the_moment_it_is_told(path: Path) -> None:
    process = await start("charge", path)
    assert process.stdout is not None
    try:
        for _ in range(50):
            told_id = (await process.stdout.readline()).decode().strip()
            assert rows(path, "SELECT sequence FROM usage_records WHERE id = ?", told_id)
    finally:
        process.kill()
        await process.communicate()


async def test_two_processes_that_race_for_a_quota_give_it_out_exactly(path: Path) -> None:
    processes = [await start("race", path, first) for first in (0, 1000)]
    outputs = [(await process.communicate())[0].split() for process in processes]

    won = [line.decode() for output in outputs for line in output]
    assert len(won) == 100
    assert [record.id for record in records(path)] != []
    assert sorted(won) == sorted(record.id for record in records(path))
    assert [record.sequence for record in records(path)] == list(range(1, 101))
    assert (await verified(path)).is_good


async def test_what_failed_but_was_written_is_void_after_a_kill(path: Path) -> None:
    said = await killed(await start("hang", path), 5)
    assert {line.split()[1] for line in said} == {"LedgerUnavailable"}
    standing = records(path)
    assert [record.id for record in standing] == [line.split()[0] for line in said]

    async with opened(path) as ledger:
        await ledger.drain()
        assert [record.voids for record in records(path)[5:]] == [1, 2, 3, 4, 5]
        tariff = tariff_of(requests=1)
        at = standing[0].at / 1_000_000
        assert (await counted(ledger, charge(asked(99, tariff=tariff, at=at)))).left_today == 0
    async with opened(path) as ledger:  # and not twice
        await ledger.drain()
        assert len(records(path)) == 11
    assert not list((path.parent / "given_up").iterdir())
    assert (await verified(path)).is_good


async def test_what_a_process_that_was_killed_had_reserved_is_given_back_at_once(
    path: Path,
) -> None:
    await killed(await start("charge", path), 300)
    reserved = rows(path, "SELECT id FROM reservations")
    assert reserved
    async with opened(path, SystemClock()) as ledger:
        await told(ledger, charge(asked(9_000_001)))

        assert rows(path, "SELECT id FROM reservations") == []
        await told(ledger, reserve(asked(9_000_002, at=SystemClock().now())))
        async with opened(path, SystemClock()) as other:  # whereas who lives keeps its own
            await told(other, charge(asked(9_000_003)))
            assert len(rows(path, "SELECT id FROM reservations")) == 1


async def test_the_ledger_of_a_process_that_lives_is_not_taken_over(path: Path) -> None:
    async with opened(path) as ledger, opened(path):
        files = list((path.parent / "given_up").iterdir())
        assert len(files) == 2
        assert await counted(ledger, charge(asked(1, account=ANA)))
