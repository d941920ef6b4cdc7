"""
What another process does to a cache file: `python worker.py ACTION PATH [FIRST KEY NUMBER]`.

`prepare` makes it ready, `fill` fills it until it is killed, `share` puts and reads a hundred
entries, `purge` forgets everything and tells the others.
"""

import asyncio
import itertools
import sys
from pathlib import Path

from plg.application.ports.records.invalidation import Invalidation
from plg.domain.records.players import KillerBiId
from tests.fakes.clock import NOON
from tests.fakes.entries import entry_of
from tests.integration.sql.database import Process, running


async def main(action: str, path: Path, first: int) -> None:
    async with running(path) as process:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        if action == "fill":
            await fill(process)
        elif action == "share":
            await share(process, first)
        elif action == "purge":
            await process.invalidations.publish(Invalidation("players", None))
            await process.store.clear()


async def fill(process: Process) -> None:
    for number in itertools.count():
        key = KillerBiId(f"KB-{number % 500}")
        await process.store.put(key, entry_of(key, version=number, validated_at=NOON + number))
        if number % 50 == 0:
            await process.store.flush()


async def share(process: Process, first: int) -> None:
    for number in range(first, first + 100):
        key = KillerBiId(f"KB-{number}")
        await process.store.put(key, entry_of(key))
        if number % 10 == 0:
            await process.store.flush()
            assert await process.store.get(key) == entry_of(key)
    assert process.observer.cache_failures == []


asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int((*sys.argv, "0")[3])))
