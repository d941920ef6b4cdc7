"""What stays in the database of records that were moved to files."""

from abc import abstractmethod
from typing import Protocol

from plg.domain.ledger.archives import KeptCheckpoint


class ArchivesPort(Protocol):
    """
    Checkpoints of archived ranges, and the records among them that are still there.

    Within one transaction; every method may raise StorageUnavailable. A checkpoint is never
    changed or removed; the database itself refuses to.
    """

    @abstractmethod
    async def archived_to(self, account_id: str) -> int:
        """Return the last record of the account that was archived; 0 for none."""

    @abstractmethod
    async def archived_until(self, account_id: str) -> int:
        """Return when the last archived record was, in microseconds since the epoch; 0 for none."""

    @abstractmethod
    async def of(self, account_id: str) -> list[KeptCheckpoint]:
        """Return the account's checkpoints, in their order."""

    @abstractmethod
    async def add(self, kept: KeptCheckpoint) -> None:
        """Add a checkpoint: from now on its records may be removed."""

    @abstractmethod
    async def first_left_over(self, account_id: str) -> int | None:
        """Return the first record that has a checkpoint and was not removed yet, or None."""

    @abstractmethod
    async def remove(self, account_id: str, first: int, last: int) -> int:
        """Remove records that have a checkpoint; return how many there were."""
