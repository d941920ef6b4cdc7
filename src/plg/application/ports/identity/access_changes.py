"""How processes tell each other that credentials changed."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AccessChange:
    """What was remembered of an account's credentials is void; of everybody's where it is None."""

    account_id: str | None


class AccessChangesPort(Protocol):
    """Changes of others, told within the transaction that makes them, and polled outside."""

    @abstractmethod
    async def publish(self, change: AccessChange, now: float) -> None:
        """
        Tell every process once this transaction is committed.

        Raises:
            StorageUnavailable: If it cannot be written.
        """


class AccessChangeFeedPort(Protocol):
    """The other end of AccessChangesPort."""

    @abstractmethod
    async def poll(self) -> list[AccessChange]:
        """
        Return what was committed since the last poll; nothing at the first one.

        Raises:
            StorageUnavailable: If it cannot be read.
        """

    @abstractmethod
    async def prune(self, before: float) -> None:
        """
        Drop what was published before an instant that every process has polled since.

        Raises:
            StorageUnavailable: If it cannot be written.
        """
