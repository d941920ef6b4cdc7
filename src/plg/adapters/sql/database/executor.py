"""Statements of one transaction, and what becomes of their failures."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    CursorResult,
    Delete,
    Executable,
    Insert,
    Row,
    Select,
    Table,
    Update,
    delete,
    select,
    text,
    tuple_,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from plg.adapters.sql.database.dialects import add_up, hold, insert_missing, survives_conflicts
from plg.application.shielded import shielded
from plg.domain.errors import StorageUnavailable

STATEMENT_SECONDS: Final = 10.0
"""How long a server has for one statement."""

T = TypeVar("T")
_AnyRow = Row[*tuple[Any, ...]]
_Values = dict[str, Any]


@contextmanager
def translated(
    detail: str = "the durable database failed or did not answer in time",
) -> Iterator[None]:
    """
    Turn failures of the database into our own, with this detail.

    Raises:
        StorageUnavailable: If it failed, refused, or did not answer in time.
    """
    try:
        yield
    except (SQLAlchemyError, OSError) as error:  # OSError: a server that cannot be reached
        raise StorageUnavailable(detail) from error


class Executor:
    """Runs them on the connection of one transaction; each may raise StorageUnavailable."""

    def __init__(
        self,
        connection: AsyncConnection,
        *,
        may_write: bool,
        statement_seconds: float = STATEMENT_SECONDS,
    ) -> None:
        self._connection = connection
        self._may_write = may_write
        self._statement_seconds = statement_seconds
        self._dialect = connection.dialect.name

    async def rows(self, statement: Select[*tuple[Any, ...]]) -> Sequence[_AnyRow]:
        """Return all rows."""
        with translated():
            return (await self._execute(statement)).all()

    async def page(
        self,
        statement: Select[*tuple[Any, ...]],
        by: ColumnElement[Any],
        *,
        limit: int,
        after: str | None = None,
        before: str | None = None,
    ) -> Sequence[_AnyRow]:
        """
        Return the rows of a page of a list.

        Args:
            statement: The whole list.
            by: What its order is made by, and no two rows have in common.
            limit: How many rows at most.
            after: The last of the page before, in a list that begins with the lowest.
            before: The same in a list that begins with the highest; `""` for its first page.
        """
        if after:
            statement = statement.where(by > after)
        if before:
            statement = statement.where(by < before)
        order = by if before is None else by.desc()
        return await self.rows(statement.order_by(order).limit(limit))

    async def row(self, statement: Select[*tuple[Any, ...]]) -> _AnyRow | None:
        """Return the first row, or None."""
        with translated():
            return (await self._execute(statement)).first()

    async def held_row(self, statement: Select[*tuple[Any, ...]]) -> _AnyRow | None:
        """Return the first row, or None; in a change, nobody else changes it until the end."""
        return await self.row(self._holding(statement))

    async def held_rows(self, statement: Select[*tuple[Any, ...]]) -> Sequence[_AnyRow]:
        """Return all rows; in a change, nobody else changes them until the end."""
        return await self.rows(self._holding(statement))

    async def write(
        self, statement: Insert | Update | Delete, values: _Values | list[_Values] | None = None
    ) -> int:
        """Write, and return how many rows it met."""
        self._check()
        with translated():
            return (await self._execute(statement, values)).rowcount

    async def write_unique(self, statement: Insert | Update) -> bool:
        """Write, and return False where a row that is there already forbids it."""
        self._check()
        with translated():
            try:
                await shielded(self._refusable(statement))
            except IntegrityError:
                return False
        return True

    async def write_missing(self, table: Table, values: _Values | list[_Values]) -> None:
        """Insert each row unless there is one; where somebody else inserts it just now, wait."""
        await self.write(insert_missing(self._dialect, table), values)

    async def write_sums(self, table: Table, column: Column[int], values: list[_Values]) -> None:
        """Insert rows; of one that is there already, add to the column."""
        await self.write(add_up(self._dialect, table, column), values)

    async def hold_table(self, table: Table) -> None:
        """Let nobody else write to a table until the end of a change."""
        if self._may_write:
            with translated():
                for statement in hold(self._dialect, table):
                    await self._execute(text(statement))

    async def remove(self, table: Table, where: ColumnElement[bool], *, limit: int) -> int:
        """Remove rows that the condition holds for, at most `limit`; return how many."""
        keys = list(table.primary_key)
        chosen = await self.rows(select(*keys).where(where).limit(limit))
        if not chosen:
            return 0
        if len(keys) == 1:
            these = keys[0].in_([row[0] for row in chosen])
        else:
            these = tuple_(*keys).in_([tuple(row) for row in chosen])
        return await self.write(delete(table).where(these, where))

    async def _execute(
        self, statement: Executable, values: _Values | list[_Values] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        if self._dialect == "sqlite":  # its file answers, or is locked, which has a bound
            return await shielded(self._connection.execute(statement, values))
        return await shielded(self._in_time(self._connection.execute(statement, values)))

    async def _in_time(self, work: Coroutine[Any, Any, T]) -> T:
        """
        Return what a server answers.

        Raises:
            TimeoutError: If it does not in time; then nobody waits for this connection any more.
        """
        task = asyncio.ensure_future(work)
        await asyncio.wait({task}, timeout=self._statement_seconds)
        if task.done():
            return task.result()
        task.add_done_callback(_take_note)
        await self._connection.invalidate()
        raise TimeoutError

    async def _refusable(self, statement: Insert | Update) -> None:
        if survives_conflicts(self._dialect):
            await self._connection.execute(statement)
            return
        async with self._connection.begin_nested():
            await self._connection.execute(statement)

    def _holding(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        return statement.with_for_update() if self._may_write else statement

    def _check(self) -> None:
        if not self._may_write:
            raise RuntimeError("look() only reads")


def _take_note(task: asyncio.Future[Any]) -> None:
    """Let nobody be told that a failure was never looked at: it was told of as too slow."""
    if not task.cancelled():
        task.exception()
