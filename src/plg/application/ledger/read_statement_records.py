"""Read the usage records that a statement covers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from plg.application.ledger.show_statement import check_not_archived, statement_for
from plg.application.ports.ledger.usage import RecordFilter
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.access import Caller
from plg.domain.ledger.statements import Span
from plg.domain.ledger.usage import UsageRecord
from plg.domain.money import Currency

PAGE: Final = 1000
"""Records that are read, and held in memory, at once."""


@dataclass(frozen=True, slots=True)
class StatementRecords:
    """The records of a statement, in pages that are read as they are asked for."""

    work: UnitOfWorkPort
    account_id: str
    currency: Currency
    span: Span | None
    page: int

    async def pages(self) -> AsyncIterator[list[UsageRecord]]:
        """Yield the records in their order; those of a closed range never change."""
        if self.span is None:  # of a credit note
            return
        wanted = RecordFilter(currency=self.currency.code)
        for first in range(self.span.first, self.span.last + 1, self.page):
            last = min(first + self.page - 1, self.span.last)
            async with self.work.look() as work:
                found = await work.usage.records(self.account_id, first, last, wanted, self.page)
            yield found[::-1]


@dataclass(frozen=True, slots=True)
class ReadStatementRecords:
    """Return the records of a statement, however many, in bounded memory."""

    work: UnitOfWorkPort
    page: int = PAGE

    async def __call__(self, caller: Caller, number: str) -> StatementRecords:
        """
        Return what reads them.

        Raises:
            NotFound: If there is no such statement, or none that the caller may see.
            Archived: If they were moved to a file.
        """
        async with self.work.look() as work:
            statement = await statement_for(work, caller, number)
            await check_not_archived(work, statement)
        return StatementRecords(
            self.work, statement.account_id, statement.currency, statement.span, self.page
        )
