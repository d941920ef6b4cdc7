"""Remove records that are in a file."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plg.application.ports.ledger.archive_files import ArchiveFilesPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import StorageUnavailable

STEP: Final = 200
PAUSE_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class RemoveArchived:
    """
    Removes an account's records that have a checkpoint, some at a time.

    Between two steps the ledger has time to write. Interrupted, the next call continues.
    """

    work: UnitOfWorkPort
    files: ArchiveFilesPort
    sleep: Callable[[float], Awaitable[object]]

    async def __call__(self, account_id: str) -> int:
        """
        Return how many were removed.

        Raises:
            StorageUnavailable: If the database fails, or a file that should hold them is not there.
        """
        async with self.work.look() as work:
            first = await work.archives.first_left_over(account_id)
            kept = await work.archives.of(account_id)
        if first is None:
            return 0
        for each in kept:
            if each.checkpoint.last >= first and not await self.files.exists(Path(each.file)):
                raise StorageUnavailable(
                    f"the archive {each.file} is not there, and some of its records are still in "
                    "the database: put it back, and call this again"
                )
        removed, last = 0, kept[-1].checkpoint.last
        for start in range(first, last + 1, STEP):
            async with self.work.change() as work:
                removed += await work.archives.remove(
                    account_id, start, min(start + STEP - 1, last)
                )
            await self.sleep(PAUSE_SECONDS)
        return removed
