"""Serve the newest version of files that records come from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from plg.application.background import Job, every
from plg.application.ports.records.record_file import RecordFilePort
from plg.application.records.purge_records import PurgeRecords

LOOK_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class FollowFiles:
    """
    Looks for new versions every second; the records of one purge what was cached of the last.

    Attributes:
        files: Tells those that there are now, each with what purges its resource.
    """

    files: Callable[[], Sequence[tuple[RecordFilePort, PurgeRecords[Any, Any]]]]
    _due: list[PurgeRecords[Any, Any]] = field(default_factory=list)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """What is to be done again and again."""
        return (Job("follow_files", self, every(LOOK_SECONDS), is_needed_at_start=True),)

    async def __call__(self) -> None:
        """
        Look once.

        Raises:
            StorageUnavailable: If what was cached of a file could not be purged; it is due again.
        """
        self._due.extend([purge for file, purge in self.files() if await file.refresh()])
        while self._due:
            await self._due[0](None)
            del self._due[0]
