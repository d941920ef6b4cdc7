"""Put a backup in the place of the durable database."""

from dataclasses import dataclass
from pathlib import Path

from plg.application.backups.check_copy import CheckCopy
from plg.application.ledger.verify_ledger import LedgerReport
from plg.application.ports.backups import BackupsPort
from plg.application.ports.gateways import GatewaysPort


@dataclass(frozen=True, slots=True)
class Restored:
    """
    What was put in place.

    Attributes:
        report: What its ledger holds; None where it was not verified.
        kept: Where the database that was there before is; None if there was none.
    """

    report: LedgerReport | None
    kept: Path | None


@dataclass(frozen=True, slots=True)
class Restore:
    """
    Copy a backup, migrate and verify the copy, and only then let it take the place.

    The backup stays as it is, and so does what is replaced, under another name.
    """

    backups: BackupsPort
    gateways: GatewaysPort
    check: CheckCopy

    async def __call__(self, path: Path, *, verifies: bool) -> Restored:
        """
        Return what was done.

        Raises:
            StorageUnavailable: If a gateway runs, if the backup is damaged, is none or comes from a
                newer version, or if its ledger does not fit and is to be verified.
        """
        with self.gateways.none():
            async with self.backups.copy_from(path) as copy:
                if not (await copy.schema()).is_current:
                    await copy.migrate()
                report = await self.check(copy) if verifies else None
                kept = await copy.take_place()
        return Restored(report, kept)
