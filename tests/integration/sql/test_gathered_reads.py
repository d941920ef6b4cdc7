"""Reads that are asked for at the same time are one statement."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest
from sqlalchemy import event, text

from plg.adapters.sql.cache.gathered_reads import GROUP_MAX, GatheredReads
from plg.domain.errors import StorageUnavailable
from plg.domain.records.players import KillerBiId
from tests.fakes.entries import ANA, BEN, entry_of
from tests.integration.sql.database import Process


def keys(count: int) -> list[KillerBiId]:
    return [KillerBiId(f"KB-{number}") for number in range(count)]


async def test_reads_asked_for_at_once_are_one_statement(process: Process) -> None:
    await asyncio.gather(*(process.store.get(key) for key in keys(GROUP_MAX)))

    assert len(process.sent("SELECT")) == 1


async def test_no_statement_asks_for_more_than_a_group(process: Process) -> None:
    await asyncio.gather(*(process.store.get(key) for key in keys(GROUP_MAX + 1)))

    assert len(process.sent("SELECT")) == 2


async def test_a_thousand_reads_of_one_key_are_one_statement(process: Process) -> None:
    await asyncio.gather(*(process.store.get(ANA) for _ in range(1000)))

    assert len(process.sent("SELECT")) == 1


async def test_a_reader_that_goes_away_does_not_cancel_the_others(process: Process) -> None:
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()
    first, second = (asyncio.create_task(process.store.get(ANA)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()

    assert await second == entry_of(ANA)


async def test_a_reader_that_goes_away_does_not_mind_a_failure(process: Process) -> None:
    async with process.engine.begin() as connection:
        await connection.execute(text("DROP TABLE cache_entries"))
    first, second = (asyncio.create_task(process.store.get(ANA)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()

    with pytest.raises(StorageUnavailable):
        await second


async def test_closing_waits_for_a_read_whose_reader_went_away(process: Process) -> None:
    is_reading = asyncio.Event()
    event.listen(process.engine.sync_engine, "checkout", lambda *_: is_reading.set())
    reading = asyncio.create_task(process.store.get(ANA))
    await is_reading.wait()
    reading.cancel()

    await process.store.aclose()

    assert process.connections_in_use == 0


async def test_a_table_that_is_gone_is_unavailable_to_all_who_wait(process: Process) -> None:
    async with process.engine.begin() as connection:
        await connection.execute(text("DROP TABLE cache_entries"))
    answers = await asyncio.gather(
        process.store.get(ANA), process.store.get(BEN), return_exceptions=True
    )

    assert {type(answer) for answer in answers} == {StorageUnavailable}


async def test_a_row_that_cannot_be_read_does_not_end_all_reading(process: Process) -> None:
    await process.store.put(ANA, entry_of(ANA))
    await process.store.put(BEN, entry_of(BEN))
    await process.store.flush()
    async with process.engine.begin() as connection:
        damage = "UPDATE cache_entries SET etag = x'ff' WHERE record_key = :key"
        await connection.execute(text(damage), {"key": ANA.value})
    with pytest.raises(StorageUnavailable):
        await process.store.get(ANA)

    assert await process.store.get(BEN) == entry_of(BEN)


@asynccontextmanager
async def hanging(process: Process, reads: GatheredReads) -> AsyncIterator[None]:
    """Leave no connection to the reads; at the end wait until they have got over it."""
    async with AsyncExitStack() as stack:
        for _ in range(4):
            await stack.enter_async_context(process.engine.connect())
        yield
    async with asyncio.timeout(5):
        while True:
            with suppress(StorageUnavailable):
                await reads.get(BEN.value)
                return
            await asyncio.sleep(0.001)


@pytest.fixture
def impatient(process: Process) -> GatheredReads:
    return GatheredReads(process.engine, "players", read_seconds=0.01)


async def test_a_database_that_hangs_fails_a_read_in_time(
    process: Process, impatient: GatheredReads
) -> None:
    async with hanging(process, impatient):
        with pytest.raises(StorageUnavailable, match="in time"):
            await impatient.get(ANA.value)


async def test_while_it_hangs_later_reads_fail_at_once(
    process: Process, impatient: GatheredReads
) -> None:
    async with hanging(process, impatient):
        with pytest.raises(StorageUnavailable):
            await impatient.get(ANA.value)
        with pytest.raises(StorageUnavailable, match="for a while"):
            await impatient.get(BEN.value)


async def test_when_it_answers_again_reads_do_too(
    process: Process, impatient: GatheredReads
) -> None:
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()
    async with hanging(process, impatient):
        with pytest.raises(StorageUnavailable):
            await impatient.get(BEN.value)

    assert await impatient.get(ANA.value) == entry_of(ANA)


async def test_each_resource_reads_its_own(process: Process) -> None:
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()

    assert await GatheredReads(process.engine, "vehicles").get(ANA.value) is None
