"""Transactions of the durable database: bounded, undone when cancelled, and kept when it stops."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.migrations import upgrade
from plg.adapters.sql.database.versions import Line
from plg.adapters.sql.work import SqlWork
from plg.domain.audit import OPERATOR, Action, AuditRecord
from plg.domain.errors import StorageUnavailable
from plg.domain.identity.accounts import Account
from tests.fakes.clock import NOON
from tests.integration.contracts.works import ANA, BEN, DEVICE, KEY, SECRET, SESSION, with_people
from tests.integration.sql.database import url_of

RENAMED = replace(ANA, name="Ana")
BOUND = 0.2
FAR_BELOW_THE_DEFAULT = 1.5
RECORD = AuditRecord("01A", NOON, OPERATOR, Action.KEY_ISSUED, "key:01K")


@pytest.fixture
async def engine(path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_durable_engine(url_of(path))
    await upgrade(engine, Line.DURABLE)
    yield engine
    await engine.dispose()


@pytest.fixture
async def work(engine: AsyncEngine) -> SqlWork:
    work = SqlWork(engine)
    await with_people(work)
    return work


@pytest.fixture
def impatient(engine: AsyncEngine, work: SqlWork) -> SqlWork:  # noqa: ARG001 - with its accounts
    return SqlWork(engine, wait_seconds=BOUND)


@pytest.fixture
def other(path: Path, work: SqlWork) -> Iterator[sqlite3.Connection]:  # noqa: ARG001 - has tables
    """A connection of another process."""
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


async def ana(work: SqlWork) -> Account | None:
    async with work.look() as ports:
        return await ports.accounts.get(ANA.id)


async def rename(work: SqlWork) -> None:
    async with work.change() as ports:
        await ports.accounts.replace(RENAMED)


async def refused_within_the_bound(work: SqlWork) -> bool:
    started = asyncio.get_running_loop().time()
    with pytest.raises(StorageUnavailable):
        await rename(work)
    return asyncio.get_running_loop().time() - started < FAR_BELOW_THE_DEFAULT


async def test_a_change_while_another_process_holds_the_database_is_refused_within_the_bound(
    impatient: SqlWork, other: sqlite3.Connection
) -> None:
    other.execute("BEGIN IMMEDIATE")

    assert await refused_within_the_bound(impatient)
    assert await ana(impatient) == ANA

    other.execute("ROLLBACK")
    await rename(impatient)
    assert await ana(impatient) == RENAMED


async def test_a_change_waits_for_another_process_within_the_bound(
    work: SqlWork, other: sqlite3.Connection
) -> None:
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.05, other.execute, "ROLLBACK")
    await rename(work)

    assert await ana(work) == RENAMED


async def test_a_change_that_waited_leaves_the_patience_of_the_connection_as_it_was(
    impatient: SqlWork, engine: AsyncEngine
) -> None:
    await rename(impatient)
    async with engine.connect() as connection:
        assert (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar() == 2000


async def test_a_change_behind_one_that_does_not_end_is_refused_within_the_bound(
    impatient: SqlWork,
) -> None:
    async with impatient.change():
        assert await refused_within_the_bound(impatient)

    await rename(impatient)


async def test_a_look_behind_too_many_that_do_not_end_is_refused_within_the_bound(
    impatient: SqlWork,
) -> None:
    is_over = asyncio.Event()

    async def stay() -> None:
        async with impatient.look():
            await is_over.wait()

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(stay())
        await asyncio.sleep(0.05)
        with pytest.raises(StorageUnavailable):
            await ana(impatient)
        is_over.set()

    assert await ana(impatient) == ANA


@pytest.mark.parametrize("moment", range(7))
async def test_whenever_one_is_cancelled_all_is_changed_or_nothing_and_nothing_is_held(
    impatient: SqlWork, engine: AsyncEngine, moment: int
) -> None:
    moments = iter(range(100))

    def cancel(*_args: object) -> None:
        if next(moments) == moment:
            asyncio.get_running_loop().call_soon(task.cancel)

    async def change() -> None:
        async with impatient.change() as ports:
            await ports.accounts.replace(RENAMED)
            await ports.accounts.get(ANA.id)
            await ports.accounts.replace(replace(BEN, name="Ana"))

    task = asyncio.create_task(change())
    event.listen(engine.sync_engine, "before_cursor_execute", cancel)
    event.listen(engine.sync_engine, "commit", cancel)
    with pytest.raises(asyncio.CancelledError):
        await task
    async with impatient.change() as ports:
        held = [await ports.accounts.get(account.id) for account in (ANA, BEN)]

    assert held == ([RENAMED, replace(BEN, name="Ana")] if moment == 6 else [ANA, BEN])
    assert engine.sync_engine.pool.status().endswith("Current Checked out connections: 0")


async def test_a_statement_that_fails_is_unavailable_and_undoes_the_change(
    work: SqlWork, other: sqlite3.Connection
) -> None:
    other.execute("DROP TABLE signing_keys")

    async def change() -> None:
        async with work.change() as ports:
            await ports.accounts.replace(RENAMED)
            await ports.signing_keys.all()

    with pytest.raises(StorageUnavailable):
        await change()
    assert await ana(work) == ANA


async def test_a_commit_that_fails_is_unavailable_and_undoes_the_change(
    work: SqlWork, engine: AsyncEngine
) -> None:
    def fail(_connection: object) -> None:
        raise OSError("the disk is full")

    event.listen(engine.sync_engine, "commit", fail)
    with pytest.raises(StorageUnavailable):
        await rename(work)
    event.remove(engine.sync_engine, "commit", fail)

    assert await ana(work) == ANA
    await rename(work)


async def test_a_secret_of_a_key_that_is_not_there_is_refused(work: SqlWork) -> None:
    async def change() -> None:
        async with work.change() as ports:
            await ports.api_keys.add_secret(SECRET)

    with pytest.raises(StorageUnavailable):
        await change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET action = 'key.revoked'",
        "DELETE FROM audit_log",
        "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log",
        "REPLACE INTO audit_log SELECT * FROM audit_log",
    ],
)
async def test_the_database_refuses_to_change_the_audit_log(
    work: SqlWork, other: sqlite3.Connection, statement: str
) -> None:
    async with work.change() as ports:
        await ports.audit.record(RECORD)

    with pytest.raises(sqlite3.IntegrityError, match="insert-only"):
        other.execute(statement)


async def test_everything_is_there_after_a_restart(work: SqlWork, path: Path) -> None:
    async with work.change() as ports:
        await ports.api_keys.add(KEY, SECRET)
        await ports.devices.add(DEVICE)
        await ports.sessions.add(SESSION)
        await ports.devices.spend_nonce(DEVICE.id, "0123456789abcdef", NOON)
    engine = create_durable_engine(url_of(path))
    again = SqlWork(engine)
    async with again.look() as ports:
        standing = await ports.api_keys.standing(SECRET.public)
        device = await ports.devices.standing(DEVICE.id)
        session = await ports.sessions.standing(SESSION.id)
    async with again.change() as ports:
        is_new = await ports.devices.spend_nonce(DEVICE.id, "0123456789abcdef", NOON)
    await engine.dispose()

    assert standing is not None
    assert device is not None
    assert session is not None
    assert (standing.key, device.device, session.session) == (KEY, DEVICE, SESSION)
    assert not is_new


async def test_scopes_rates_and_networks_are_texts_that_people_can_read(
    work: SqlWork, other: sqlite3.Connection
) -> None:
    async with work.change() as ports:
        await ports.api_keys.add(KEY, SECRET)

    query = "SELECT scopes, allowed_networks, rate_burst FROM api_keys"
    assert other.execute(query).fetchall() == [("players:read vehicles:read", "", None)]
