"""How processes on one durable database tell each other that credentials changed."""

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.database.dialects import for_single_reads, numbers_are_committed_in_order
from plg.adapters.sql.database.executor import Executor, translated
from plg.adapters.sql.identity.tables import access_changes
from plg.application.ports.identity.access_changes import (
    AccessChange,
    AccessChangeFeedPort,
    AccessChangesPort,
)
from plg.application.shielded import shielded

_c = access_changes.c
OVERLAP = 1000
"""How many numbers may be given to others between a change's own and its commit."""


class SqlAccessChanges(AccessChangesPort):
    """A numbered row a change, in the transaction that makes it."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def publish(self, change: AccessChange, now: float) -> None:
        values = {"account_id": change.account_id, "made_at": now}
        await self._statements.write(insert(access_changes), values)


class SqlAccessChangeFeed(AccessChangeFeedPort):
    """
    Reads on from the last row seen; rows that were there at the first poll are history.

    A server database gives numbers before transactions are committed, so a lower number may show
    up after a higher one: the last `overlap` numbers are read again, and reported once.
    """

    def __init__(self, engine: AsyncEngine, *, overlap: int | None = None) -> None:
        self._engine = engine
        self._reads = for_single_reads(engine)
        in_order = numbers_are_committed_in_order(engine.dialect.name)
        self._overlap = overlap if overlap is not None else 0 if in_order else OVERLAP
        self._last: int | None = None
        self._seen: frozenset[int] = frozenset()

    async def poll(self) -> list[AccessChange]:
        with translated():
            async with self._reads.connect() as connection:
                last = self._last
                if last is None:
                    last = (await connection.scalar(select(func.max(_c.id)))) or 0
                again = select(_c.id, _c.account_id).where(_c.id > last - self._overlap)
                rows = (await connection.execute(again.order_by(_c.id))).all()
        is_first, seen = self._last is None, self._seen
        self._last = max([last, *(row.id for row in rows)])
        oldest = self._last - self._overlap
        self._seen = frozenset(row.id for row in rows if row.id > oldest)
        if is_first:
            return []
        return [AccessChange(row.account_id) for row in rows if row.id not in seen]

    async def prune(self, before: float) -> None:
        with translated():
            await shielded(self._drop(before))

    async def _drop(self, before: float) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(delete(access_changes).where(_c.made_at < before))
