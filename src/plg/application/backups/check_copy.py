"""Find out whether a copy of the durable database can be relied on."""

from dataclasses import dataclass

from plg.application.ledger.verify_ledger import LedgerReport, VerifyLedger
from plg.application.ports.backups import DatabaseCopyPort
from plg.application.ports.clock import ClockPort
from plg.domain.errors import StorageUnavailable
from plg.domain.ledger.chain import LedgerChain


@dataclass(frozen=True, slots=True)
class CheckCopy:
    """Read every page, and verify the ledger."""

    chain: LedgerChain
    clock: ClockPort

    async def __call__(self, copy: DatabaseCopyPort) -> LedgerReport:
        """
        Return what the ledger holds.

        Raises:
            StorageUnavailable: If the copy is damaged, or its ledger does not fit.
        """
        await copy.check_pages()
        report = await VerifyLedger(copy.books, self.chain, self.clock)()
        if not report.is_good:
            raise StorageUnavailable(
                f"its ledger does not fit, in {report.difference_count} places: is the secret the "
                "one that it was written with? Look with plg ledger verify, or go on with "
                "--no-verify"
            )
        return report
