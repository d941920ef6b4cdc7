"""Sums of what nobody pays for in the durable database."""

from collections.abc import Sequence

from sqlalchemy import func, select, tuple_

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.ledger.tables import free_usage_sums
from plg.application.ports.ledger.free_usage import FreeUsagePort
from plg.domain.ledger.free_usage import FreeUsageSum, FreeUsageTotal

_c = free_usage_sums.c
_COLUMNS = [column.name for column in free_usage_sums.columns]
_NAMES = (_c.account_id, _c.resource, _c.metered)


class SqlFreeUsage(FreeUsagePort):
    """A row a sum; a row that is there is added to."""

    def __init__(self, sql: Executor) -> None:
        self._sql = sql

    async def add(self, sums: Sequence[FreeUsageSum]) -> None:
        rows = [dict(zip(_COLUMNS, each, strict=True)) for each in sums]
        if rows:
            await self._sql.write_sums(free_usage_sums, _c["count"], rows)

    async def totals(
        self,
        account_id: str | None,
        since: int,
        until: int,
        *,
        after: FreeUsageTotal | None,
        limit: int,
    ) -> list[FreeUsageTotal]:
        wanted = select(*_NAMES, func.sum(_c["count"])).where(_c.minute >= since, _c.minute < until)
        if account_id is not None:
            wanted = wanted.where(_c.account_id == account_id)
        if after is not None:
            wanted = wanted.where(tuple_(*_NAMES) > tuple_(*after[:-1]))
        rows = await self._sql.rows(wanted.group_by(*_NAMES).order_by(*_NAMES).limit(limit))
        # A server's sums are decimals.
        return [FreeUsageTotal._make((*row[:-1], int(row[-1]))) for row in rows]

    async def prune(self, before: int, *, limit: int) -> int:
        return await self._sql.remove(free_usage_sums, _c.minute < before, limit=limit)
