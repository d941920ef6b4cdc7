"""Find, and erase, a record key in files of archived records."""

from collections.abc import Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from plg.application.ports.ledger.archive_files import ArchiveFilesPort, ArchiveLine
from plg.domain.errors import StorageUnavailable
from plg.domain.ledger.archives import KeptCheckpoint
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.verification.chains import SealedRecord


class FilesDone(Protocol):
    """Takes what was found."""

    holding: list[str]
    rewritten: list[str]
    unread: list[str]


@dataclass(frozen=True, slots=True)
class EraseInArchives:
    """Looks through files where they were written to."""

    files: ArchiveFilesPort
    chain: LedgerChain

    async def __call__(
        self,
        kept: Sequence[KeptCheckpoint],
        keys: Collection[str],
        resource: str | None,
        done: FilesDone,
        *,
        rewrites: bool,
    ) -> None:
        """
        Say which files hold one of the keys; write them anew where that is wanted.

        Raises:
            StorageUnavailable: If a file that is there cannot be read, or not be written.
        """
        for each in kept:
            path = Path(each.file)
            if not await self.files.exists(path):
                done.unread.append(each.file)
            elif await self._holds(path, keys, resource):
                if rewrites:
                    await self._rewrite(path, keys, resource)
                (done.rewritten if rewrites else done.holding).append(each.file)

    async def _holds(self, path: Path, keys: Collection[str], resource: str | None) -> bool:
        async with aclosing(self.files.pages(path)) as pages:
            async for page in pages:
                if any(_is_one(line, keys, resource) for line in page):
                    return True
        return False

    async def _rewrite(self, path: Path, keys: Collection[str], resource: str | None) -> None:
        async with self.files.draft(path) as draft, aclosing(self.files.pages(path)) as pages:
            async for page in pages:
                await draft.add([self._erased(line, keys, resource) for line in page])

    def _erased(
        self, line: ArchiveLine, keys: Collection[str], resource: str | None
    ) -> ArchiveLine:
        if not isinstance(line, SealedRecord) or not _is_one(line, keys, resource):
            return line
        record = line.record
        try:
            sealer = self.chain.sealer(line.pepper_id)
        except KeyError as error:
            raise StorageUnavailable(
                f"record {record.sequence} was sealed under a secret that is not set: add the one "
                f"with the id {line.pepper_id} to SECRET_KEY_PREVIOUS, and call this again"
            ) from error
        digest = sealer.key_digest(record.id, record.record_key or "")
        return line._replace(record=record._replace(record_key=None), key_digest=digest)


def _is_one(line: ArchiveLine, keys: Collection[str], resource: str | None) -> bool:
    return (
        isinstance(line, SealedRecord)
        and line.record.record_key in keys
        and resource in (None, line.record.resource)
    )
