"""A database server that restarts, freezes, or lets another win a race."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.preparation import migrate
from plg.adapters.sql.database.versions import Line
from plg.adapters.sql.ledger.group_commit.ledger import SqlLedger
from plg.adapters.sql.ledger.group_commit.server import ServerStore
from plg.adapters.sql.ledger.ledger_books import SqlLedgerBooks
from plg.application.ledger.verify_ledger import VerifyLedger
from plg.domain.errors import LedgerUnavailable, StorageUnavailable
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.usage import Counted
from tests.fakes.clock import StoppedClock
from tests.fakes.usage import ANA, BEN, asked, charge
from tests.integration.own_postgresql import OwnPostgresql, own_postgresql
from tests.integration.sql.ledger.files import KEYRING, counted, promised, told, unheard

PATIENCE = 0.3


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgresql]:
    with own_postgresql() as server:

        async def make_tables() -> None:
            engine = create_durable_engine(server.url)
            await migrate(engine, Line.DURABLE)
            await engine.dispose()

        asyncio.run(make_tables())
        yield server


@asynccontextmanager
async def opened(
    server: OwnPostgresql, folder: Path, patience_seconds: float = PATIENCE
) -> AsyncIterator[SqlLedger]:
    ledger = SqlLedger(
        ServerStore(make_url(server.url)),
        KEYRING,
        folder,
        StoppedClock(),
        unheard,
        patience_seconds=patience_seconds,
    )
    ledger.start()
    try:
        yield ledger
    finally:
        await ledger.close()


async def standing(server: OwnPostgresql) -> set[str]:
    """Return the ids of records that were not taken back, in a ledger that fits together."""
    engine = create_durable_engine(server.url)
    books = SqlLedgerBooks(engine)
    report = await VerifyLedger(books, LedgerChain(KEYRING), StoppedClock())()
    found = await books.records(ANA, after=0, up_to=None, limit=1000)
    await engine.dispose()
    assert report.is_good, report
    voided = {each.record.voids for each in found}
    return {
        each.record.id
        for each in found
        if each.record.voids is None and each.record.sequence not in voided
    }


async def until_it_counts(ledger: SqlLedger, number: int) -> str:
    """Ask until an answer is counted; return its id."""
    async with asyncio.timeout(30):
        while True:
            number += 1
            operation = charge(asked(number))
            if isinstance(await told(ledger, operation), Counted):
                return operation.asked.id


async def test_after_a_restart_it_goes_on_and_what_was_told_stands(
    server: OwnPostgresql, tmp_path: Path
) -> None:
    async with opened(server, tmp_path) as ledger:
        before = charge(asked(1))
        await counted(ledger, before)
        server.stop()
        refused = charge(asked(2))
        assert isinstance(await told(ledger, refused), LedgerUnavailable)
        with pytest.raises(StorageUnavailable):
            await ledger.ping()
        server.start()
        after = await until_it_counts(ledger, 100)
        await ledger.drain()
        await ledger.ping()

    ids = await standing(server)
    assert {before.asked.id, after} <= ids
    assert refused.asked.id not in ids


async def test_while_it_is_frozen_nobody_waits_longer_than_patience(
    server: OwnPostgresql, tmp_path: Path
) -> None:
    async with opened(server, tmp_path) as ledger:
        await counted(ledger, charge(asked(1001)))
        with server.frozen():
            answers = await asyncio.gather(
                *(promised(ledger, charge(asked(number))) for number in range(1002, 1010))
            )
            assert all(isinstance(each, LedgerUnavailable) for each in answers)
        after = await until_it_counts(ledger, 1100)
        async with asyncio.timeout(20):
            await ledger.drain()

    ids = await standing(server)
    assert after in ids
    assert not ids & {asked(number).id for number in range(1002, 1010)}


async def test_a_race_that_was_lost_is_run_again_before_anybody_is_told(
    server: OwnPostgresql, tmp_path: Path
) -> None:
    conninfo = make_url(server.url).set(drivername="postgresql").render_as_string()
    hold = "SELECT 1 FROM ledger_accounts WHERE account_id = %s FOR UPDATE"
    async with opened(server, tmp_path, patience_seconds=20) as ledger:
        for number, account in ((2001, ANA), (2002, BEN)):
            await counted(ledger, charge(asked(number, account=account)))
        async with await psycopg.AsyncConnection.connect(conninfo) as other:
            # Who looks for a deadlock first is the one that gives way: here the ledger.
            await other.execute("SET deadlock_timeout = '10s'")
            await other.execute(hold, (BEN,))
            both = [
                promised(ledger, charge(asked(number, account=account)))
                for number, account in ((2003, ANA), (2004, BEN))
            ]
            while not await waits_for_us(other):  # noqa: ASYNC110 - it waits in another process
                await asyncio.sleep(0)
            await other.execute(hold, (ANA,))
        answers = await asyncio.gather(*both)

    assert all(isinstance(each, Counted) for each in answers)
    assert asked(2003).id in await standing(server)


async def waits_for_us(other: psycopg.AsyncConnection[tuple[object, ...]]) -> bool:
    cursor = await other.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
    row = await cursor.fetchone()
    return row is not None and row[0] != 0
