"""Does the ledger fit together?"""

from dataclasses import dataclass, field
from typing import Final

from plg.application.ports.ledger_books import LedgerBooksPort
from plg.domain.ledger_chain import LedgerChain
from plg.domain.ledger_checks import AccountCheck, Difference

PAGE: Final = 1000
DIFFERENCES_MAX: Final = 1000


@dataclass(slots=True)
class LedgerReport:
    """
    What was found.

    Attributes:
        differences: The first thousand.
        difference_count: All of them.
    """

    accounts: int = 0
    records: int = 0
    differences: list[Difference] = field(default_factory=list)
    difference_count: int = 0

    @property
    def is_good(self) -> bool:
        return not self.difference_count


@dataclass(frozen=True, slots=True)
class VerifyLedger:
    """
    Recomputes each account's chain, daily counters and unbilled sums from its records.

    One account after the other, in bounded memory, beside a ledger that is written: what comes
    after an account's counters were read is left out. An end that was cut off, with the counters
    set back to fit, shows only against a seal that was kept elsewhere.
    """

    books: LedgerBooksPort
    chain: LedgerChain

    async def __call__(self) -> LedgerReport:
        """
        Return what does not fit.

        Raises:
            StorageUnavailable: If the database fails.
        """
        report = LedgerReport()
        account_id = await self.books.next_account("")
        while account_id is not None:
            await self._check(account_id, report)
            account_id = await self.books.next_account(account_id)
        return report

    async def _check(self, account_id: str, report: LedgerReport) -> None:
        book = await self.books.book(account_id)
        check = AccountCheck(self.chain, book)
        last = 0
        while page := await self.books.records(
            account_id, after=last, up_to=book.last_sequence, limit=PAGE
        ):
            for sealed in page:
                check.add(sealed)
            last = page[-1].record.sequence
            report.records += len(page)
        found = check.finish()
        report.accounts += 1
        report.difference_count += len(found)
        report.differences += found[: DIFFERENCES_MAX - len(report.differences)]
