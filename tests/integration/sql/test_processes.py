"""Several processes on one cache file, and one that is killed."""

import asyncio
import os
import random
import sys
from pathlib import Path

from plg.adapters.encoding.representations import strong_etag
from plg.application.ports.records.invalidation import Invalidation
from plg.domain.records.players import KillerBiId
from tests.fakes.clock import NOON
from tests.fakes.entries import ANA, BEN, entry_of
from tests.integration.sql.database import Process, process_on, running

WORKER = Path(__file__).with_name("worker.py")
ROOT = WORKER.parents[3]


async def start(action: str, path: Path, first: int = 0) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(WORKER),
        action,
        str(path),
        str(first),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )


async def end(*workers: asyncio.subprocess.Process) -> list[int | None]:
    await asyncio.gather(*(worker.communicate() for worker in workers))
    return [worker.returncode for worker in workers]


async def test_processes_that_start_on_a_new_file_at_once_all_start(path: Path) -> None:
    workers = await asyncio.gather(*(start("prepare", path) for _ in range(3)))

    assert await end(*workers) == [0] * 3
    assert list(path.parent.glob("*.set-aside-*")) == []


async def test_two_processes_write_to_one_file(process: Process, path: Path) -> None:
    workers = await asyncio.gather(start("share", path), start("share", path, 100))

    assert await end(*workers) == [0, 0]
    assert (await process.store.stats()).entries == 200


async def test_what_one_process_wrote_the_other_reads(process: Process, path: Path) -> None:
    async with running(path) as other:
        await other.store.put(ANA, entry_of(ANA))
        await other.store.flush()

        assert await process.store.get(ANA) == entry_of(ANA)


async def test_an_older_entry_of_another_process_does_not_overwrite(
    process: Process, path: Path
) -> None:
    newer = entry_of(ANA, version=2, validated_at=NOON + 1)
    await process.store.put(ANA, newer)
    await process.store.flush()
    async with running(path) as other:
        await other.store.put(ANA, entry_of(ANA))
        await other.store.flush()

    assert await process.store.get(ANA) == newer


async def test_a_purge_by_another_process_is_seen(process: Process, path: Path) -> None:
    await process.invalidations.poll()
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()
    assert await end(await start("purge", path)) == [0]

    assert await process.invalidations.poll() == [Invalidation("players", None)]
    assert await process.store.get(ANA) is None


async def test_a_fill_fetched_before_the_purge_of_another_process_is_dropped(
    process: Process, path: Path
) -> None:
    await process.invalidations.poll()
    async with running(path) as other:
        await other.invalidations.publish(Invalidation("players", ANA.value))
    for key in (ANA, BEN):
        await process.store.put(key, entry_of(key))
    await process.store.flush()

    assert [await process.store.get(key) for key in (ANA, BEN)] == [None, entry_of(BEN)]


async def test_a_purge_of_everything_drops_all_fills_that_wait(
    process: Process, path: Path
) -> None:
    await process.invalidations.poll()
    async with running(path) as other:
        await other.invalidations.publish(Invalidation("players", None))
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()

    assert (await process.store.stats()).entries == 0


async def test_a_purge_of_another_resource_drops_no_fill(process: Process) -> None:
    await process.invalidations.poll()
    other = process_on(process.engine, "vehicles")
    await other.invalidations.publish(Invalidation("vehicles", None))
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()

    assert await process.store.get(ANA) == entry_of(ANA)


async def test_a_fill_after_the_purge_was_obeyed_stays(process: Process, path: Path) -> None:
    await process.invalidations.poll()
    async with running(path) as other:
        await other.invalidations.publish(Invalidation("players", None))
    await process.invalidations.poll()
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()

    assert await process.store.get(ANA) == entry_of(ANA)


async def test_a_process_killed_while_it_fills_leaves_nothing_wrong(path: Path) -> None:
    for _ in range(4):
        worker = await start("fill", path)
        assert worker.stdout is not None
        await worker.stdout.readline()
        await asyncio.sleep(random.uniform(0, 0.08))
        worker.kill()
        await end(worker)
        async with running(path) as process:
            held = [item async for item in process.store.entries()]

        for key, entry in held:
            version = int(entry.validated_at - NOON)
            due = entry_of(KillerBiId(key), version=version, validated_at=entry.validated_at)
            assert entry == due
            assert strong_etag(entry.body) == entry.etag
    assert held
    assert list(path.parent.glob("*.set-aside-*")) == []
