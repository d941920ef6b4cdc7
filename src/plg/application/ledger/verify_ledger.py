"""Does the ledger fit together?"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

from plg.application.ledger.ledger_reading import LedgerReading, closings_of, merged
from plg.application.ports.clock import ClockPort
from plg.application.ports.ledger.ledger_books import LedgerBooksPort
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.kept_statements import KeptStatement
from plg.domain.ledger.usage import day_of
from plg.domain.ledger.verification.chains import SealedRecord
from plg.domain.ledger.verification.findings import AccountFindings, Difference, Findings
from plg.domain.ledger.verification.ledger import AccountBook, AccountCheck
from plg.domain.ledger.verification.statements import BalancesCheck, NumbersCheck, check_note

VEHICLE_DAYS: Final = 1
"""Days before today of which every vehicle that was seen is kept."""


@dataclass(slots=True)
class LedgerReport:
    """
    What was found.

    Attributes:
        archived: Records that were moved to files, and are vouched for by checkpoints.
    """

    accounts: int = 0
    records: int = 0
    statements: int = 0
    archived: int = 0
    findings: Findings = field(default_factory=Findings)

    @property
    def differences(self) -> list[Difference]:
        """The first thousand."""
        return self.findings.differences

    @property
    def difference_count(self) -> int:
        """All of them."""
        return self.findings.count

    @property
    def is_good(self) -> bool:
        return not self.findings.count


@dataclass(frozen=True, slots=True)
class VerifyLedger:
    """
    Recomputes each account's chain, counters, unbilled sums and statements from its records.

    One account after the other, in bounded memory, beside a ledger that is written: what comes
    after an account's counters were read is left out. An end that was cut off, with the counters
    set back to fit, shows only against a seal or a statement that was kept elsewhere.
    """

    books: LedgerBooksPort
    chain: LedgerChain
    clock: ClockPort

    async def __call__(self) -> LedgerReport:
        """
        Return what does not fit.

        Raises:
            StorageUnavailable: If the database fails.
        """
        report = LedgerReport()
        await self._check_numbers(report)
        account_id = await self.books.next_account("")
        while account_id is not None:
            await self._check(await self.books.book(account_id), report)
            account_id = await self.books.next_account(account_id)
        return report

    async def _check_numbers(self, report: LedgerReport) -> None:
        series = await self.books.series()
        check = NumbersCheck(report.findings)
        async with aclosing(self._reading.statements(None, up_to=series.position)) as statements:
            async for each in statements:
                check.add(each)
                report.statements += 1
        check.finish(series.last)

    async def _check(self, book: AccountBook, report: LedgerReport) -> None:
        findings = AccountFindings(book.account_id, report.findings)
        check = AccountCheck(self.chain, book, findings, day_of(self.clock.now()) - VEHICLE_DAYS)
        records = self._reading.records(
            book.account_id, after=book.archived_to, up_to=book.last_sequence
        )
        closings = closings_of(self._checked(book, findings))
        async with aclosing(merged(records, closings)) as both:
            async for each in both:
                if isinstance(each, SealedRecord):
                    check.add(each)
                    report.records += 1
                else:
                    check.close(each)
        check.finish()
        report.accounts += 1
        report.archived += book.archived_to

    async def _checked(
        self, book: AccountBook, findings: AccountFindings
    ) -> AsyncGenerator[KeptStatement]:
        """Yield statements and credit notes, each checked by itself and with those before it."""
        balances = BalancesCheck(findings)
        mine = self._reading.statements(book.account_id, up_to=book.position)
        async with aclosing(mine):
            async for each in mine:
                balances.add(each)
                if each.is_note:
                    await self._check_note(each, findings)
                yield each

    async def _check_note(self, note: KeptStatement, findings: AccountFindings) -> None:
        number = note.credited or ""
        credited = await self.books.statement(number)
        notes = await self.books.credits_of(number, up_to=note.position)
        check_note(findings, note, credited, notes)

    @property
    def _reading(self) -> LedgerReading:
        return LedgerReading(self.books)
