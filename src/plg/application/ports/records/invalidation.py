"""How processes tell each other to forget."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class Invalidation:
    """Forget one key of a resource, or all of it where `key` is None."""

    resource: str
    key: str | None


EVERYTHING: Final = Invalidation("", None)
"""Forget all resources: the log took the place of another, and nobody knows what that one held."""
REDECLARED: Final = Invalidation("*", None)
"""Nothing to forget: another process has read new declarations, and others may have to."""


class InvalidationPort(Protocol):
    """A log of purges that every process on the same cache reads."""

    @abstractmethod
    async def publish(self, invalidation: Invalidation) -> None:
        """
        Tell every process, this one included, to forget.

        Raises:
            StorageUnavailable: If the log cannot be written.
        """

    @abstractmethod
    async def prune(self, before: float) -> None:
        """
        Drop what was published before an instant that every process has polled since.

        Raises:
            StorageUnavailable: If the log cannot be written.
        """

    @abstractmethod
    async def poll(self) -> list[Invalidation]:
        """
        Return what was published since the last poll, in order; nothing at the first one.

        Where the log is another one than at the last poll, `EVERYTHING` comes first.

        Raises:
            StorageUnavailable: If the log cannot be read.
        """
