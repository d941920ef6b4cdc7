"""Fills and removals, written behind the answers in groups."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from plg.adapters.sql.cache.pending import BYTES_MAX
from plg.domain.errors import StorageUnavailable
from plg.domain.records.entries import Entry
from plg.domain.records.players import KillerBiId
from tests.fakes.clock import NOON
from tests.fakes.entries import ANA, BEN, entry_of
from tests.integration.sql.database import Process, process_on


async def rows_of(process: Process) -> int:
    async with process.engine.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM cache_entries")) or 0)


async def break_table(process: Process) -> None:
    async with process.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE cache_entries RENAME TO elsewhere"))


async def mend_table(process: Process) -> None:
    async with process.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE elsewhere RENAME TO cache_entries"))


async def test_fills_that_gather_are_one_statement(process: Process) -> None:
    for number in range(50):
        key = KillerBiId(str(number))
        await process.store.put(key, entry_of(key))
    await process.store.flush()

    assert (len(process.sent("INSERT")), await rows_of(process)) == (1, 50)


async def test_a_put_waits_for_no_database(process: Process) -> None:
    await process.store.put(ANA, entry_of(ANA))

    assert (process.statements, process.store.waiting_writes) == ([], 1)


async def test_a_put_is_written_without_being_asked_to(process: Process) -> None:
    committed = asyncio.Event()
    event.listen(process.engine.sync_engine, "commit", lambda _: committed.set())
    await process.store.put(ANA, entry_of(ANA))
    async with asyncio.timeout(2):
        await committed.wait()

    assert await rows_of(process) == 1


async def test_what_is_not_yet_written_is_seen(process: Process) -> None:
    await process.store.put(ANA, entry_of(ANA))

    assert (await process.store.get(ANA), process.statements) == (entry_of(ANA), [])


async def test_a_removal_that_is_not_yet_written_is_seen(process: Process) -> None:
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()
    await process.store.remove(ANA)

    assert await process.store.get(ANA) is None


async def test_a_clearing_that_is_not_yet_written_is_seen(process: Process) -> None:
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()
    await process.store.clear()

    assert (await process.store.get(ANA), await rows_of(process)) == (None, 1)


async def test_what_is_put_while_the_file_is_read_is_seen(process: Process) -> None:
    reading = asyncio.Event()
    event.listen(process.engine.sync_engine, "before_execute", lambda *_: reading.set())
    read = asyncio.create_task(process.store.get(ANA))
    await reading.wait()
    await process.store.put(ANA, entry_of(ANA))

    assert await read == entry_of(ANA)


async def test_clearing_leaves_other_resources_alone(process: Process) -> None:
    vehicles = process_on(process.engine, "vehicles")
    await vehicles.store.put(ANA, entry_of(ANA))
    await vehicles.store.flush()
    await process.store.clear()
    await process.store.flush()

    assert await vehicles.store.get(ANA) == entry_of(ANA)


async def test_removals_are_bound_one_by_one_however_many_there_are(process: Process) -> None:
    for number in range(2000):
        key = KillerBiId(str(number))
        await process.store.put(key, entry_of(key))
    await process.store.flush()
    for number in range(2000):
        await process.store.remove(KillerBiId(str(number)))
    await process.store.flush()

    assert [statement.count("?") for statement in process.sent("DELETE")] == [2]
    assert await rows_of(process) == 0


async def test_a_group_that_fails_is_observed(process: Process) -> None:
    await break_table(process)
    await process.store.put(ANA, entry_of(ANA))
    with pytest.raises(StorageUnavailable):
        await process.store.flush()

    assert [tier for tier, _ in process.observer.cache_failures] == ["sql"]


async def test_a_group_that_fails_loses_its_fills(process: Process) -> None:
    await break_table(process)
    await process.store.put(ANA, entry_of(ANA))
    with pytest.raises(StorageUnavailable):
        await process.store.flush()
    await mend_table(process)

    assert await process.store.get(ANA) is None


async def test_more_removals_than_may_wait_empty_the_tier_when_it_is_back(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plg.adapters.sql.cache.pending.REMOVALS_MAX", 3)
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()
    await break_table(process)
    for number in range(10):
        await process.store.remove(KillerBiId(str(number)))
        with pytest.raises(StorageUnavailable):
            await process.store.flush()
    told = [str(error) for _, error in process.observer.cache_failures]
    await mend_table(process)
    await process.store.flush()

    assert sum("will be emptied" in each for each in told) == 1
    assert (process.store.waiting_writes, await rows_of(process)) == (0, 0)


@pytest.mark.parametrize("how", ["remove", "clear"])
async def test_a_group_that_fails_keeps_its_removals(process: Process, how: str) -> None:
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()
    await break_table(process)
    await (process.store.remove(ANA) if how == "remove" else process.store.clear())
    with pytest.raises(StorageUnavailable):
        await process.store.flush()
    await mend_table(process)

    assert await process.store.get(ANA) is None
    await process.store.flush()
    assert await rows_of(process) == 0


async def test_a_fill_after_a_removal_that_failed_stays(process: Process) -> None:
    await process.store.put(ANA, entry_of(ANA))
    await process.store.flush()
    await break_table(process)
    await process.store.clear()
    await process.store.remove(ANA)
    with pytest.raises(StorageUnavailable):
        await process.store.flush()
    await process.store.put(ANA, entry_of(ANA, version=2))
    await mend_table(process)
    await process.store.flush()

    assert await process.store.get(ANA) == entry_of(ANA, version=2)


async def test_writing_goes_on_after_a_failure(process: Process) -> None:
    await break_table(process)
    await process.store.put(ANA, entry_of(ANA))
    with pytest.raises(StorageUnavailable):
        await process.store.flush()
    await mend_table(process)
    await process.store.put(BEN, entry_of(BEN))
    await process.store.flush()

    assert await rows_of(process) == 1


async def test_fills_past_the_bound_are_dropped_and_observed(process: Process) -> None:
    huge = Entry(b"x" * (BYTES_MAX // 2), b'"e"', None, NOON, NOON, 1)
    for key in (ANA, BEN, KillerBiId("third")):
        await process.store.put(key, huge)

    assert process.observer.cache_failures == [("sql", "too many fills wait")]
    assert process.store.waiting_writes == 2


async def test_a_removal_makes_room_for_fills(process: Process) -> None:
    huge = Entry(b"x" * BYTES_MAX, b'"e"', None, NOON, NOON, 1)
    await process.store.put(ANA, huge)
    await process.store.remove(ANA)
    await process.store.put(BEN, huge)

    assert process.observer.cache_failures == []


async def test_closing_writes_what_waits(process: Process) -> None:
    await process.store.put(ANA, entry_of(ANA))
    await process.store.aclose()

    assert await rows_of(process) == 1


async def test_closing_without_a_database_ends_all_the_same(process: Process) -> None:
    await break_table(process)
    await process.store.clear()
    async with asyncio.timeout(2):
        await process.store.aclose()


@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    events=st.lists(
        st.tuples(st.sampled_from(["put", "remove", "clear", "flush", "begin"]), st.integers(0, 2)),
        max_size=20,
    )
)
async def test_after_any_events_memory_and_file_agree(
    process: Process, events: list[tuple[str, int]]
) -> None:
    store, due = process.store, dict[KillerBiId, Entry]()
    flushes: list[asyncio.Task[None]] = []
    await store.clear()
    for instant, (what, number) in enumerate(events):
        key = KillerBiId(str(number))
        if what == "put":
            due[key] = entry_of(key, validated_at=NOON + instant)
            await store.put(key, due[key])
        elif what == "remove":
            due.pop(key, None)
            await store.remove(key)
        elif what == "clear":
            due.clear()
            await store.clear()
        elif what == "begin":
            flushes.append(asyncio.create_task(store.flush()))
            await asyncio.sleep(0)
        else:
            await store.flush()
        assert await store.get(key) == due.get(key)
    await asyncio.gather(*flushes)
    await store.flush()

    assert {key: entry async for key, entry in store.entries()} == {
        key.value: entry for key, entry in due.items()
    }
