"""What the ledger says, in memory."""

from plg.application.ports.ledger.ledger_books import LedgerBooksPort, SeriesBook
from plg.domain.ledger.chain import GENESIS
from plg.domain.ledger.kept_statements import KeptLine, KeptStatement
from plg.domain.ledger.statements import Span, Statement, StatementKind
from plg.domain.ledger.usage import LineKey, UsageRecord
from plg.domain.ledger.verification.chains import SealedRecord
from plg.domain.ledger.verification.ledger import AccountBook, SeenRecords, record_mark
from tests.fakes.memory_tables import Tables
from tests.fakes.memory_usage import CHAIN
from tests.fakes.work import MemoryWork

_NO_SPAN = (None, None, None, None, None)


class MemoryLedgerBooks(LedgerBooksPort):
    """Reads what the work has committed."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def next_account(self, after: str) -> str | None:
        tables = self._tables
        checkpoints = (each.checkpoint.account_id for each in tables.checkpoints)
        known = {*tables.meters, *(place[0] for place in tables.usage), *checkpoints}
        known.update(each.account_id for each in tables.statements.values())
        return min((each for each in known if each > after), default=None)

    async def book(self, account_id: str) -> AccountBook:
        tables = self._tables
        meter = tables.meters.get(account_id)
        kept = [each for each in tables.checkpoints if each.checkpoint.account_id == account_id]
        seen: dict[int, SeenRecords] = {}
        for day, (_, key) in meter.seen if meter else ():
            known = seen.get(day, SeenRecords())
            seen[day] = SeenRecords(known.records + 1, known.marks + record_mark(day, key))
        return AccountBook(
            account_id,
            meter.last_sequence if meter else None,
            meter.head if meter else GENESIS,
            tables.billed_to.get(account_id, 0),
            {
                (day, resource): (count.requests, count.vins)
                for day, whole in meter.days.items()
                for resource, count in whole.resources.items()
            }
            if meter
            else {},
            self._lines(account_id),
            seen,
            sorted(kept, key=lambda each: each.checkpoint.last),
            max((each.position for each in tables.statements.values()), default=0),
        )

    async def series(self) -> SeriesBook:
        tables = self._tables
        last = {kind.series: tables.statement_numbers.get(kind, 0) for kind in StatementKind}
        positions = [each.position for each in tables.statements.values()]
        return SeriesBook(last, max(positions, default=0))

    async def statements(
        self, account_id: str | None, *, after: int, up_to: int, limit: int
    ) -> list[KeptStatement]:
        found = [
            each
            for each in self._kept()
            if account_id in (None, each.account_id) and after < each.position <= up_to
        ]
        if account_id is None:
            found = [each._replace(lines=()) for each in found]
        return found[:limit]

    async def statement(self, number: str) -> KeptStatement | None:
        return next((each for each in self._kept() if each.number == number), None)

    async def credits_of(self, number: str, *, up_to: int) -> list[KeptStatement]:
        return [each for each in self._kept() if each.credited == number and each.position <= up_to]

    async def records(
        self, account_id: str, *, after: int, up_to: int | None, limit: int
    ) -> list[SealedRecord]:
        tables = self._tables
        places = [
            (owner, number)
            for owner, number in sorted(tables.usage)
            if owner == account_id and number > after and (up_to is None or number <= up_to)
        ]
        return [
            SealedRecord(
                tables.usage[place],
                CHAIN.pepper_id,
                tables.macs[place],
                tables.digests.get(place),
            )
            for place in places[:limit]
        ]

    @property
    def _tables(self) -> Tables:
        return self._work.tables

    def _lines(self, account_id: str) -> dict[LineKey, tuple[int, int]]:
        billed_to = self._tables.billed_to.get(account_id, 0)
        lines: dict[LineKey, tuple[int, int]] = {}
        for record in self._of(account_id):
            if record.sequence > billed_to:
                units, count = lines.get(record.line, (0, 0))
                step = 1 if record.voids is None else -1
                lines[record.line] = units + record.units, count + step
        return lines

    def _of(self, account_id: str) -> list[UsageRecord]:
        usage = self._tables.usage
        return [usage[place] for place in sorted(usage) if place[0] == account_id]

    def _kept(self) -> list[KeptStatement]:
        statements = self._tables.statements.values()
        return [_kept(each) for each in sorted(statements, key=lambda each: each.position)]


def _kept(statement: Statement) -> KeptStatement:
    lines = tuple(
        KeptLine(
            number, line.resource, line.metered, line.unit_price, line.plan_code,
            line.plan_version, line.units, line.records, str(line.amount), line.credits,
        )
        for number, line in enumerate(statement.lines, 1)
    )  # fmt: skip
    return KeptStatement(
        statement.number,
        statement.kind.value,
        statement.position,
        statement.account_id,
        statement.currency.code,
        str(statement.amount),
        str(statement.balance),
        statement.closed_at,
        *_span(statement.span),
        statement.credited,
        statement.reason,
        lines,
        statement.currency.minor_digits,
    )


def _span(
    span: Span | None,
) -> tuple[int | None, int | None, int | None, int | None, bytes | None]:
    if span is None:
        return _NO_SPAN
    return span.first, span.last, span.from_at, span.to_at, span.head
