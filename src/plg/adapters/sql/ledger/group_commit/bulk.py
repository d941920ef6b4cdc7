"""
Many rows in one statement.

The driver lets go of the interpreter's lock for each row that it writes or reads, and has to get
it back from whatever else runs; in one statement that happens once for all of them.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final

_ROWS_MAX: Final = 64
"""Rows in one statement at most; fewer come in powers of two, so that few statements exist."""


class Bulk:
    """Inserts rows of one table, or updates those that are there."""

    def __init__(self, table: str, columns: Sequence[str], otherwise: str = "") -> None:
        names = ", ".join(columns)
        row = f"({', '.join('?' * len(columns))})"
        self._statements = {
            count: f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * count)} {otherwise}"  # noqa: S608 - names are ours
            for count in (1 << power for power in range(_ROWS_MAX.bit_length()))
        }

    def write(self, connection: sqlite3.Connection, rows: Sequence[Iterable[Any]]) -> None:
        """Write all rows."""
        start, left = 0, len(rows)
        while left:
            count = min(_ROWS_MAX, 1 << (left.bit_length() - 1))
            values = list(chain.from_iterable(rows[start : start + count]))
            connection.execute(self._statements[count], values)
            start, left = start + count, left - count
