"""One connection of the writer's thread, and what differs between the databases."""

import json
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Protocol

_ROWS_MAX: Final = 64
"""Rows in one statement at most; fewer come in powers of two, so that few statements exist."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    How a database writes what they do not write alike.

    Attributes:
        mark: Stands for a value in a statement.
        is_shared: Whether others may write beside a transaction, so that rows have to be held.
    """

    name: str
    mark: str
    is_shared: bool

    def among(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> tuple[str, list[Any]]:
        """Return the condition that columns are one of these rows, at least one, and its values."""
        names = ", ".join(columns)
        if self.name == "sqlite":  # one value, so that the statement is always the same
            each = ", ".join(f"json_extract(value, '$[{at}]')" for at in range(len(columns)))
            return f"({names}) IN (SELECT {each} FROM json_each(?))", [json.dumps([*rows])]  # noqa: S608 - names are ours
        given = [*rows]
        one = f"({', '.join([self.mark] * len(columns))})"
        return f"({names}) IN ({', '.join([one] * len(given))})", [*chain.from_iterable(given)]

    def otherwise(self, table: str, keys: Sequence[str], changes: dict[str, str]) -> str:
        """Return what becomes of a row that is there: `changes` says `new`, or what is added."""
        if self.name == "mysql":
            kept = changes or {keys[0]: "kept"}
            values = ", ".join(
                f"{name} = {_mysql_value(table, name, how)}" for name, how in kept.items()
            )
            return f"ON DUPLICATE KEY UPDATE {values}"
        place = f"ON CONFLICT ({', '.join(keys)})"
        if not changes:
            return f"{place} DO NOTHING"
        values = ", ".join(
            f"{name} = {'' if how == 'new' else f'{table}.{name} + '}excluded.{name}"
            for name, how in changes.items()
        )
        return f"{place} DO UPDATE SET {values}"


SQLITE: Final = Dialect("sqlite", "?", is_shared=False)
POSTGRESQL: Final = Dialect("postgresql", "%s", is_shared=True)
MYSQL: Final = Dialect("mysql", "%s", is_shared=True)


class Session(Protocol):
    """
    A connection, on which every transaction is begun and ended by name.

    Statements have the dialect's mark for values. Every method may raise the store's failures.
    """

    dialect: Dialect

    @abstractmethod
    def begin(self) -> None:
        """Begin a transaction; on SQLite nobody else writes until its end."""

    @abstractmethod
    def commit(self) -> None: ...

    @abstractmethod
    def rollback(self) -> None: ...

    @abstractmethod
    def close(self) -> None:
        """Take back what is not committed, and let go."""

    @abstractmethod
    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return what a query finds."""

    @abstractmethod
    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Write."""


class Bulk:
    """
    Inserts rows of one table, or updates those that are there; many in one statement.

    SQLite's driver lets go of the interpreter's lock for each row that it writes or reads, and has
    to get it back from whatever else runs; a server takes a round trip for each statement.

    Args:
        keys: The primary key, where rows may be there already.
        changes: What becomes of those, as `Dialect.otherwise` takes it.
    """

    def __init__(
        self,
        table: str,
        columns: Sequence[str],
        keys: Sequence[str] = (),
        changes: dict[str, str] | None = None,
    ) -> None:
        self._table, self._columns = table, columns
        self._keys, self._changes = keys, changes or {}
        self._statements: dict[str, dict[int, str]] = {}

    def write(self, session: Session, rows: Sequence[Iterable[Any]]) -> None:
        """Write all rows."""
        start, left = 0, len(rows)
        if not left:
            return
        statements = self._statements.get(session.dialect.name) or self._made(session.dialect)
        while left:
            count = min(_ROWS_MAX, 1 << (left.bit_length() - 1))
            values = list(chain.from_iterable(rows[start : start + count]))
            session.run(statements[count], values)
            start, left = start + count, left - count

    def _made(self, dialect: Dialect) -> dict[int, str]:
        names = ", ".join(self._columns)
        row = f"({', '.join([dialect.mark] * len(self._columns))})"
        keys = self._keys
        otherwise = dialect.otherwise(self._table, keys, self._changes) if keys else ""
        into = f"INSERT INTO {self._table} ({names}) VALUES"
        made = self._statements[dialect.name] = {
            count: f"{into} {', '.join([row] * count)} {otherwise}"
            for count in (1 << power for power in range(_ROWS_MAX.bit_length()))
        }
        return made


def delete(
    session: Session, table: str, keys: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Remove the rows with these keys."""
    if rows:
        where, values = session.dialect.among(keys, rows)
        session.run(f"DELETE FROM {table} WHERE {where}", values)  # noqa: S608 - names are ours


def _mysql_value(table: str, name: str, how: str) -> str:
    if how == "kept":
        return f"{table}.{name}"
    new = f"VALUES({name})"
    return new if how == "new" else f"{table}.{name} + {new}"
