"""What the ledger's tables say."""

from typing import Any

from sqlalchemy import Column, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from plg.adapters.sql.database.dialects import begin_snapshot
from plg.adapters.sql.database.executor import translated
from plg.adapters.sql.ledger.archive_tables import ledger_archives
from plg.adapters.sql.ledger.archives import checkpoints_of, to_checkpoint
from plg.adapters.sql.ledger.statement_tables import statement_lines, statement_numbers, statements
from plg.adapters.sql.ledger.tables import (
    ledger_accounts,
    ledger_day_vins,
    ledger_days,
    ledger_lines,
    usage_records,
)
from plg.application.ports.ledger.ledger_books import LedgerBooksPort, SeriesBook
from plg.domain.ledger.chain import GENESIS
from plg.domain.ledger.kept_statements import KeptLine, KeptStatement
from plg.domain.ledger.usage import LineKey, UsageRecord
from plg.domain.ledger.verification.chains import SealedRecord
from plg.domain.ledger.verification.ledger import AccountBook, SeenRecords, record_mark

_u = usage_records.c
_a = ledger_accounts.c
_d = ledger_days.c
_l = ledger_lines.c
_v = ledger_day_vins.c
_s = statements.c
_x = statement_lines.c
_n = statement_numbers.c
_RECORD = [_u[name] for name in UsageRecord._fields]
_LINE = [_l[name] for name in LineKey._fields]
_STATEMENT = [
    _s.number, _s.kind, _s.position, _s.account_id, _s.currency, _s.amount, _s.balance,
    _s.closed_at, _s.first_sequence, _s.last_sequence, _s.from_at, _s.to_at, _s.head,
    _s.credited, _s.reason, _s.minor_digits,
]  # fmt: skip
_STATEMENT_LINE = [_x.number, *(_x[name] for name in KeptLine._fields)]
_OF_ACCOUNTS: tuple[Column[str], ...] = (
    _a.account_id,
    _u.account_id,
    _d.account_id,
    _l.account_id,
    _s.account_id,
    ledger_archives.c.account_id,
)


class SqlLedgerBooks(LedgerBooksPort):
    """Records in pages, counters of an account in one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def next_account(self, after: str) -> str | None:
        with translated():
            async with self._engine.connect() as connection:
                found = [
                    await connection.scalar(select(func.min(column)).where(column > after))
                    for column in _OF_ACCOUNTS
                ]
        return min((each for each in found if each is not None), default=None)

    async def book(self, account_id: str) -> AccountBook:
        with translated():
            async with self._engine.connect() as connection:
                await begin_snapshot(connection)
                return await _book(connection, account_id)

    async def series(self) -> SeriesBook:
        with translated():
            async with self._engine.connect() as connection:
                await begin_snapshot(connection)
                last = await connection.execute(select(_n.series, _n.last))
                found: dict[str, int] = dict(tuple(row) for row in last)
                position = await connection.scalar(select(func.max(_s.position)))
        return SeriesBook(found, position or 0)

    async def statements(
        self, account_id: str | None, *, after: int, up_to: int, limit: int
    ) -> list[KeptStatement]:
        wanted = select(*_STATEMENT).where(_s.position > after, _s.position <= up_to)
        if account_id is not None:
            wanted = wanted.where(_s.account_id == account_id)
        wanted = wanted.order_by(_s.position).limit(limit)
        return await self._statements(wanted, with_lines=account_id is not None)

    async def statement(self, number: str) -> KeptStatement | None:
        found = await self._statements(select(*_STATEMENT).where(_s.number == number))
        return found[0] if found else None

    async def credits_of(self, number: str, *, up_to: int) -> list[KeptStatement]:
        mine = select(*_STATEMENT).where(_s.credited == number, _s.position <= up_to)
        return await self._statements(mine.order_by(_s.position))

    async def _statements(
        self, wanted: Select[*tuple[Any, ...]], *, with_lines: bool = True
    ) -> list[KeptStatement]:
        with translated():
            async with self._engine.connect() as connection:
                found = [_kept(*row) for row in await connection.execute(wanted)]
                if not with_lines:
                    return found
                numbers = [each.number for each in found]
                query = select(*_STATEMENT_LINE).where(_x.number.in_(numbers))
                rows = (await connection.execute(query.order_by(_x.number, _x.line))).all()
        lines: dict[str, list[KeptLine]] = {}
        for number, *line in rows:
            lines.setdefault(number, []).append(KeptLine(*line))
        return [each._replace(lines=tuple(lines.get(each.number, ()))) for each in found]

    async def records(
        self, account_id: str, *, after: int, up_to: int | None, limit: int
    ) -> list[SealedRecord]:
        query = select(*_RECORD, _u.pepper_id, _u.mac, _u.key_digest)
        query = query.where(_u.account_id == account_id, _u.sequence > after)
        if up_to is not None:
            query = query.where(_u.sequence <= up_to)
        with translated():
            async with self._engine.connect() as connection:
                rows = await connection.execute(query.order_by(_u.sequence).limit(limit))
        return [
            SealedRecord(UsageRecord(*record), pepper_id, mac, key_digest)
            for *record, pepper_id, mac, key_digest in rows
        ]


def _kept(*values: Any) -> KeptStatement:  # noqa: ANN401 - columns of a row
    *columns, minor_digits = values
    return KeptStatement(*columns)._replace(minor_digits=minor_digits)


async def _book(connection: AsyncConnection, account_id: str) -> AccountBook:
    account = select(_a.last_sequence, _a.head, _a.billed_to).where(_a.account_id == account_id)
    row = (await connection.execute(account)).first()
    days = select(_d.day, _d.resource, _d.requests, _d.vins).where(_d.account_id == account_id)
    lines = select(*_LINE, _l.units, _l.records).where(_l.account_id == account_id)
    last_sequence, head, billed_to = (None, GENESIS, 0) if row is None else row
    return AccountBook(
        account_id,
        last_sequence,
        head,
        billed_to,
        {
            (day, resource): (requests, vins)
            for day, resource, requests, vins in await connection.execute(days)
        },
        {
            LineKey(*key): (units, records)
            for *key, units, records in await connection.execute(lines)
        },
        await _seen(connection, account_id),
        [to_checkpoint(each) for each in await connection.execute(checkpoints_of(account_id))],
        await connection.scalar(select(func.max(_s.position))) or 0,
    )


async def _seen(connection: AsyncConnection, account_id: str) -> dict[int, SeenRecords]:
    """Read them as they come: they may be very many."""
    mine = select(_v.day, _v.vin).where(_v.account_id == account_id)
    found: dict[int, SeenRecords] = {}
    async with connection.stream(mine) as rows:
        async for day, key in rows:
            known = found.get(day, SeenRecords())
            found[day] = SeenRecords(known.records + 1, known.marks + record_mark(day, key))
    return found
