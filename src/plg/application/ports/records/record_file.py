"""Files that records come from."""

from abc import abstractmethod
from typing import Protocol


class RecordFilePort(Protocol):
    """A file of records, held in memory as it last could be used."""

    @property
    @abstractmethod
    def fault(self) -> str | None:
        """Why the newest version cannot be used; None where it can."""

    @abstractmethod
    async def refresh(self) -> bool:
        """
        Read the file if there is another version of it.

        Return whether it took the place of what was there: what was cached is void then. A
        version that cannot be used changes nothing but `fault`.
        """
