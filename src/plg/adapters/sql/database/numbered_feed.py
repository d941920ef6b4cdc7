"""How processes on one database tell each other something: numbered rows that each reads on."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from plg.adapters.sql.database.dialects import numbers_are_committed_in_order

OVERLAP: Final = 1000
"""How many numbers may be given to others between a row's own and its commit."""


class NumberedFeed:
    """
    Reads on from the last row seen; rows that were there at the first poll are history.

    A server database gives numbers before transactions are committed, so a lower number may show
    up after a higher one: the last `overlap` numbers are read again, and each row is told once.

    Args:
        table: Has an ascending `id`.
        columns: What is read of a row, besides.
        overlap: None for what the database's kind needs.
    """

    def __init__(
        self,
        table: Table,
        columns: tuple[ColumnElement[Any], ...],
        dialect: str,
        *,
        overlap: int | None = None,
    ) -> None:
        needed = 0 if numbers_are_committed_in_order(dialect) else OVERLAP
        self._id = table.c.id
        self._columns = columns
        self._overlap = needed if overlap is None else overlap
        self._last: int | None = None
        self._seen: frozenset[int] = frozenset()

    def begin_anew(self) -> None:
        """Take all rows for new: the table is another one."""
        self._last, self._seen = 0, frozenset()

    async def poll(self, connection: AsyncConnection) -> list[Row[Any]]:
        """Return the rows that are new since the last poll."""
        last = self._last
        if last is None:
            last = (await connection.scalar(select(func.max(self._id)))) or 0
        rows = await self._after(last, connection)
        is_first, seen = self._last is None, self._seen
        self._last = max([last, *(row.id for row in rows)])
        oldest = self._last - self._overlap
        self._seen = frozenset(row.id for row in rows if row.id > oldest)
        return [] if is_first else [row for row in rows if row.id not in seen]

    async def peek(self, connection: AsyncConnection) -> list[Row[Any]]:
        """Return what the next poll would, were it now; none before the first one."""
        if self._last is None:
            return []
        rows = await self._after(self._last, connection)
        return [row for row in rows if row.id not in self._seen]

    async def _after(self, last: int, connection: AsyncConnection) -> list[Row[Any]]:
        again = select(self._id, *self._columns).where(self._id > last - self._overlap)
        return [*(await connection.execute(again.order_by(self._id))).all()]
