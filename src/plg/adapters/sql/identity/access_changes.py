"""How processes on one durable database tell each other that credentials changed."""

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.database.dialects import for_single_reads
from plg.adapters.sql.database.executor import Executor, translated
from plg.adapters.sql.database.numbered_feed import NumberedFeed
from plg.adapters.sql.identity.tables import access_changes
from plg.application.ports.identity.access_changes import (
    AccessChange,
    AccessChangeFeedPort,
    AccessChangesPort,
)
from plg.application.shielded import shielded

_c = access_changes.c


class SqlAccessChanges(AccessChangesPort):
    """A numbered row a change, in the transaction that makes it."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def publish(self, change: AccessChange, now: float) -> None:
        values = {"account_id": change.account_id, "made_at": now}
        await self._statements.write(insert(access_changes), values)


class SqlAccessChangeFeed(AccessChangeFeedPort):
    """Reads on in the numbered rows."""

    def __init__(self, engine: AsyncEngine, *, overlap: int | None = None) -> None:
        self._engine = engine
        self._reads = for_single_reads(engine)
        self._feed = NumberedFeed(
            access_changes, (_c.account_id,), engine.dialect.name, overlap=overlap
        )

    async def poll(self) -> list[AccessChange]:
        with translated():
            async with self._reads.connect() as connection:
                rows = await self._feed.poll(connection)
        return [AccessChange(row.account_id) for row in rows]

    async def prune(self, before: float) -> None:
        with translated():
            await shielded(self._drop(before))

    async def _drop(self, before: float) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(delete(access_changes).where(_c.made_at < before))
