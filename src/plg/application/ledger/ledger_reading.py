"""Read an account's records and the statements that cover them, in one order."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from plg.application.ports.ledger.ledger_books import LedgerBooksPort
from plg.domain.ledger.kept_statements import KeptStatement
from plg.domain.ledger.verification.chains import SealedRecord

PAGE: Final = 1000
STATEMENTS_PAGE: Final = 200

Closing = list[KeptStatement]
"""The statements, one a currency, that were made at once."""


@dataclass(frozen=True, slots=True)
class LedgerReading:
    """Pages through the ledger, in bounded memory."""

    books: LedgerBooksPort

    async def statements(
        self, account_id: str | None, *, up_to: int
    ) -> AsyncGenerator[KeptStatement]:
        """Yield statements and credit notes up to a position; of all without their lines."""
        last = 0
        while page := await self.books.statements(
            account_id, after=last, up_to=up_to, limit=STATEMENTS_PAGE
        ):
            for each in page:
                yield each
            last = page[-1].position

    async def records(
        self, account_id: str, *, after: int, up_to: int | None
    ) -> AsyncGenerator[SealedRecord]:
        """Yield the records that follow a sequence number."""
        while page := await self.books.records(account_id, after=after, up_to=up_to, limit=PAGE):
            for sealed in page:
                yield sealed
            after = page[-1].record.sequence


async def closings_of(statements: AsyncGenerator[KeptStatement]) -> AsyncGenerator[Closing]:
    """Yield the statements of each closing, without credit notes."""
    closing: Closing = []
    async with aclosing(statements):
        async for each in statements:
            if not each.covers:
                continue
            if closing and (each.first, each.last) != (closing[0].first, closing[0].last):
                yield closing
                closing = []
            closing.append(each)
    if closing:
        yield closing


async def merged(
    records: AsyncGenerator[SealedRecord], closings: AsyncGenerator[Closing]
) -> AsyncGenerator[SealedRecord | Closing]:
    """Yield records, and after the last one that they cover, statements."""
    async with aclosing(records), aclosing(closings):
        closing = await anext(closings, None)
        async for sealed in records:
            while closing is not None and _is_over(closing, sealed):
                yield closing
                closing = await anext(closings, None)
            yield sealed
        while closing is not None:
            yield closing
            closing = await anext(closings, None)


def _is_over(closing: Closing, sealed: SealedRecord) -> bool:
    last = closing[0].last
    return last is None or sealed.record.sequence > last
