"""Declared records from a database that is read, never written."""

import asyncio
import math
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import msgspec
from sqlalchemy import make_url, text
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from plg.application.ports.records.source import Fetched, NotModified, SourcePort
from plg.domain.errors import SourceBroken, SourceFailed, SourceFault, SourceTimeout
from plg.domain.records.declared.keys import DeclaredKey, KeyRule, KeyType
from plg.domain.records.declared.records import DeclaredRecord
from plg.domain.records.declared.resources import SqlLookup

CONNECTIONS_MAX: Final = 10
_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+aiomysql",
    "mariadb": "mariadb+aiomysql",
}
_encoder = msgspec.json.Encoder(decimal_format="number")


def read_only_engine(url: str) -> AsyncEngine:
    """
    Return an engine for a database of others; SQLite's file is opened read-only.

    Raises:
        SQLAlchemyError: If no installed driver reaches it.
    """
    parsed = make_url(url)
    parsed = parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, pool_size=CONNECTIONS_MAX, pool_pre_ping=True)
    read_only = parsed.set(
        database=f"file:{quote(parsed.database or '')}",
        query={**parsed.query, "mode": "ro", "uri": "true"},
    )
    return create_async_engine(read_only, pool_size=CONNECTIONS_MAX)


@dataclass(frozen=True, slots=True)
class SqlSource(SourcePort[DeclaredKey, DeclaredRecord]):
    """
    One SELECT a record, in a transaction that may only read; its row is the record.

    The key is only ever a bound parameter, of the type that the declaration says.
    """

    engine: AsyncEngine
    lookup: SqlLookup
    rule: KeyRule
    timeout_seconds: float

    async def fetch(
        self,
        key: DeclaredKey,
        validator: str | None = None,  # noqa: ARG002 - a row has none
    ) -> Fetched[DeclaredRecord] | NotModified | None:
        try:
            async with asyncio.timeout(self.timeout_seconds), self.engine.connect() as connection:
                await self._protect(connection)
                rows = await self._rows(connection, key)
        except DataError:
            return None
        except TimeoutError as error:
            raise SourceTimeout("the database did not answer in time") from error
        except (SQLAlchemyError, OSError) as error:
            raise SourceFailed(f"{type(error).__name__}: {error}") from error
        if not rows:
            return None
        if len(rows) > 1:
            raise SourceBroken(SourceFault.SHAPE, "the query found several rows")
        return Fetched(DeclaredRecord(key, self._document(key, rows[0])), None)

    async def _protect(self, connection: AsyncConnection) -> None:
        """Let the transaction only read, and end by itself where the database can do that."""
        milliseconds = round(self.timeout_seconds * 1000)
        match connection.dialect.name:
            case "postgresql":
                await connection.execute(text("SET TRANSACTION READ ONLY"))
                await connection.execute(text(f"SET LOCAL statement_timeout = {milliseconds}"))
            case "mysql" | "mariadb":
                await connection.rollback()
                await connection.execute(text("SET TRANSACTION READ ONLY"))

    async def _rows(self, connection: AsyncConnection, key: DeclaredKey) -> list[dict[str, Any]]:
        value = int(key.value) if self.rule.type is KeyType.INTEGER else key.value
        found = await connection.execute(text(self.lookup.query), {self.rule.name: value})
        return [dict(row) for row in found.mappings().fetchmany(2)]

    def _document(self, key: DeclaredKey, row: dict[str, Any]) -> bytes:
        named = row.get(self.lookup.match)
        if isinstance(named, bool) or not isinstance(named, str | int | UUID | Decimal):
            raise SourceBroken(
                SourceFault.SHAPE, f"the row has no text or number in {self.lookup.match[:64]}"
            )
        if not self.rule.is_same(key, str(named)):
            raise SourceBroken(SourceFault.SHAPE, "the row is about another key")
        return _encoder.encode({column: _shown(column, value) for column, value in row.items()})


def _shown(column: str, value: Any) -> Any:  # noqa: ANN401 - any column
    """Return a column's value as JSON can have it."""
    if isinstance(value, float) and not math.isfinite(value):
        raise SourceBroken(SourceFault.SHAPE, f"{column[:64]} is no finite number")
    if isinstance(value, Decimal) and not value.is_finite():
        raise SourceBroken(SourceFault.SHAPE, f"{column[:64]} is no finite number")
    if value is None or isinstance(value, bool | int | float | str | Decimal | datetime | date):
        return value
    if isinstance(value, time | UUID):
        return str(value)
    if isinstance(value, dict | list):
        return value
    raise SourceBroken(
        SourceFault.SHAPE,
        f"{column[:64]} is {type(value).__name__}, which JSON has no form for: leave it out of the "
        "query, or cast it to text",
    )
