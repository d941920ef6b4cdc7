"""Usage records as CSV (RFC 4180)."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime
from typing import Final

from plg.application.ledger.read_statement_records import StatementRecords
from plg.domain.ledger.usage import MICROSECONDS, UsageRecord

COLUMNS: Final = (
    "id",
    "time",
    "request_id",
    "resource",
    "record_key",
    "outcome",
    "unit_price",
    "units",
    "amount",
    "currency",
    "plan",
    "plan_version",
    "key_id",
    "sequence",
    "voids",
)


async def csv_of(records: StatementRecords) -> AsyncIterator[bytes]:
    """Yield a row with the names of the columns, and one for each record."""
    yield _rows([COLUMNS])
    async for page in records.pages():
        yield _rows(_row(record, records.currency.text) for record in page)


def _rows(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _row(record: UsageRecord, text: Callable[[int], str]) -> tuple[object, ...]:
    at = datetime.fromtimestamp(record.at // MICROSECONDS, UTC)
    return (
        record.id,
        f"{at:%Y-%m-%dT%H:%M:%S}.{record.at % MICROSECONDS // 1000:03}Z",
        record.request_id,
        record.resource,
        record.record_key,
        record.metered,
        text(record.unit_price),
        record.units,
        text(record.units * record.unit_price),
        record.currency,
        record.plan_code,
        record.plan_version,
        record.key_id,
        record.sequence,
        record.voids,
    )
