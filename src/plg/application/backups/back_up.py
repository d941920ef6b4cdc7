"""Copy the durable database."""

from dataclasses import dataclass
from pathlib import Path

from plg.application.backups.check_copy import CheckCopy
from plg.application.ledger.verify_ledger import LedgerReport
from plg.application.ports.backups import BackupsPort


@dataclass(frozen=True, slots=True)
class BackUp:
    """A copy appears when it is whole, on disk and verified; a gateway may serve beside it."""

    backups: BackupsPort
    check: CheckCopy

    async def __call__(self, path: Path, *, replaces: bool, verifies: bool) -> LedgerReport | None:
        """
        Return what the ledger in the copy holds, or None where it was not verified.

        That is so without `verifies`, and where the schema is older than this version's.

        Raises:
            InvalidParameter: If something is at `path` that may not be replaced.
            StorageUnavailable: If it fails, or the copy cannot be relied on.
        """
        report = None
        async with self.backups.copy_to(path, replaces=replaces) as copy:
            schema = await copy.schema()
            if verifies and schema.is_current:
                report = await self.check(copy)
            elif verifies:
                await copy.check_pages()
            await copy.take_place()
        return report
