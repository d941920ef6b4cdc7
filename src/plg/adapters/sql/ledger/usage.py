"""What the ledger has counted, as those who bill it read it."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, case, delete, exists, func, select, update

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.ledger.tables import (
    ledger_accounts,
    ledger_day_vins,
    ledger_days,
    ledger_lines,
    reservations,
    usage_records,
)
from plg.application.ports.ledger.usage import DayUse, LedgerEnd, RecordFilter, UsagePort, day_use
from plg.domain.ledger.comparisons import Tally
from plg.domain.ledger.statements import UsageSum
from plg.domain.ledger.usage import LineKey, UsageRecord

_a = ledger_accounts.c
_d = ledger_days.c
_l = ledger_lines.c
_r = reservations.c
_u = usage_records.c
_v = ledger_day_vins.c
_LINE = [_l[name] for name in LineKey._fields]
_RECORD = [_u[name] for name in UsageRecord._fields]
_TALLY = [
    _u.resource,
    _u.metered,
    _u.currency,
    _u.unit_price,
    _u.plan_code,
    _u.plan_version,
]


class SqlUsage(UsagePort):
    """Reads the ledger's tables; closing writes to its counters."""

    def __init__(self, sql: Executor) -> None:
        self._sql = sql

    async def end(self, account_id: str) -> LedgerEnd | None:
        mine = select(_a.last_sequence, _a.head, _a.billed_to).where(_a.account_id == account_id)
        row = await self._sql.held_row(mine)
        return None if row is None else LedgerEnd(*row)

    async def unbilled(self, account_id: str) -> list[UsageSum]:
        mine = select(*_LINE, _l.units, _l.records).where(_l.account_id == account_id)
        rows = await self._sql.held_rows(mine.order_by(*_LINE))
        return [UsageSum(LineKey(*key), units, records) for *key, units, records in rows]

    async def close(self, account_id: str, last: int) -> None:
        mine = update(ledger_accounts).where(_a.account_id == account_id)
        await self._sql.write(mine.values(billed_to=last))
        await self._sql.write(delete(ledger_lines).where(_l.account_id == account_id))

    async def on(self, account_id: str, day: int, now: float) -> DayUse:
        counted = await self._sql.rows(
            select(_d.resource, _d.requests, _d.vins).where(
                _d.account_id == account_id, _d.day == day
            )
        )
        reserved = (_r.account_id == account_id, _r.day == day, _r.deadline > now)
        kept = await self._sql.rows(
            select(_r.resource, func.sum(_r.requests)).where(*reserved).group_by(_r.resource)
        )
        is_seen = exists().where(
            *(_v[name] == _r[name] for name in ("account_id", "day", "vin", "space"))
        )
        unseen = select(_r.space, _r.vin).where(*reserved, _r.vin.is_not(None), ~is_seen)
        return day_use(
            [(name, requests, vins) for name, requests, vins in counted],
            {name: int(requests) for name, requests in kept},
            len(await self._sql.rows(unseen.distinct())),
        )

    async def times(self, account_id: str, sequences: tuple[int, ...]) -> list[int]:
        mine = select(_u.sequence, _u.at).where(
            _u.account_id == account_id, _u.sequence.in_(sequences)
        )
        found: dict[int, int] = dict(tuple(row) for row in await self._sql.rows(mine))
        return [found[each] for each in sequences]

    async def records(
        self, account_id: str, first: int, last: int, wanted: RecordFilter, limit: int
    ) -> list[UsageRecord]:
        mine = select(*_RECORD).where(
            _u.account_id == account_id, _u.sequence.between(first, last), *_conditions(wanted)
        )
        rows = await self._sql.rows(mine.order_by(_u.sequence.desc()).limit(limit))
        return [UsageRecord(*row) for row in rows]

    async def with_unbilled(self, after: str | None, limit: int) -> list[str]:
        ids = select(_l.account_id).distinct()
        return [
            row[0] for row in await self._sql.page(ids, _l.account_id, after=after, limit=limit)
        ]

    async def accounts(self, after: str | None, limit: int) -> list[str]:
        rows = await self._sql.page(select(_a.account_id), _a.account_id, after=after, limit=limit)
        return [row[0] for row in rows]

    async def tallies(self, account_id: str, since: int, until: int) -> list[Tally]:
        answers = func.sum(case((_u.voids.is_(None), 1), else_=-1))
        mine = (
            select(*_TALLY, func.sum(_u.units), answers, func.sum(_u.vins))
            .where(_u.account_id == account_id, _u.at >= since, _u.at < until)
            .group_by(*_TALLY)
            .order_by(*_TALLY)
        )
        rows = await self._sql.rows(mine)
        # A server's sums are decimals.
        return [Tally._make((*row[:-3], *map(int, row[-3:]))) for row in rows]


def _conditions(wanted: RecordFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield _u.at >= wanted.since
    if wanted.until is not None:
        yield _u.at < wanted.until
    if wanted.key_id is not None:
        yield _u.key_id == wanted.key_id
    if wanted.record_key is not None:
        yield _u.record_key == wanted.record_key
    if wanted.currency is not None:
        yield _u.currency == wanted.currency
