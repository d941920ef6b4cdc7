"""Whether what we stand on is there."""

from abc import abstractmethod
from typing import Protocol


class StoragePort(Protocol):
    """A database, as far as its health goes."""

    @abstractmethod
    async def ping(self) -> None:
        """
        Return if it answers and has the schema that this version needs.

        Raises:
            StorageUnavailable: If it does not, or not within a second.
        """
