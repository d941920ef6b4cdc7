"""What the ledger's tables say."""

from sqlalchemy import Column, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from plg.adapters.sql.dialects import begin_snapshot
from plg.adapters.sql.ledger_tables import (
    ledger_accounts,
    ledger_days,
    ledger_lines,
    usage_records,
)
from plg.adapters.sql.statements import translated
from plg.application.ports.ledger_books import LedgerBooksPort
from plg.domain.ledger_chain import GENESIS
from plg.domain.ledger_checks import AccountBook, SealedRecord
from plg.domain.usage import LineKey, UsageRecord

_u = usage_records.c
_a = ledger_accounts.c
_d = ledger_days.c
_l = ledger_lines.c
_RECORD = [_u[name] for name in UsageRecord._fields]
_LINE = [_l[name] for name in LineKey._fields]
_OF_ACCOUNTS: tuple[Column[str], ...] = (
    _a.account_id,
    _u.account_id,
    _d.account_id,
    _l.account_id,
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


async def _book(connection: AsyncConnection, account_id: str) -> AccountBook:
    account = select(_a.last_sequence, _a.head, _a.billed_to).where(_a.account_id == account_id)
    row = (await connection.execute(account)).first()
    days = select(_d.day, _d.requests, _d.vins).where(_d.account_id == account_id)
    lines = select(*_LINE, _l.units, _l.records).where(_l.account_id == account_id)
    last_sequence, head, billed_to = (None, GENESIS, 0) if row is None else row
    return AccountBook(
        account_id,
        last_sequence,
        head,
        billed_to,
        {day: (requests, vins) for day, requests, vins in await connection.execute(days)},
        {
            LineKey(*key): (units, records)
            for *key, units, records in await connection.execute(lines)
        },
    )
