"""Whether what we stand on is there."""

from abc import abstractmethod
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class SourceProbe:
    """
    What one call for a key that cannot exist has shown.

    Attributes:
        status: The HTTP status of the answer.
        seconds: How long the source took.
        knows_every_key: Whether it claims to have a record even so.
        clock_offset: Seconds by which its clock is ahead of ours; None if it does not tell.
    """

    status: int
    seconds: float
    knows_every_key: bool
    clock_offset: float | None


class SourceProbePort(Protocol):
    """A source, as far as an operator wonders whether it can be used."""

    @abstractmethod
    async def probe(self) -> SourceProbe:
        """
        Call the source once.

        Raises:
            SourceError: If it cannot be reached, refuses, or breaks the contract.
        """


@dataclass(frozen=True, slots=True)
class Schema:
    """
    The revision a database is at, None before its first migration, and the newest known.

    Attributes:
        is_of_others: Whether it holds tables that PLG did not make for this purpose.
        is_newer: Whether a newer version of PLG made it, at a revision that this one does not know.
    """

    current: str | None
    newest: str
    is_of_others: bool = False
    is_newer: bool = False

    @property
    def is_current(self) -> bool:
        """Tell whether this version can work with the database as it is."""
        return self.current == self.newest


class SchemaPort(Protocol):
    """A database, as far as its migrations go."""

    @abstractmethod
    async def read(self) -> Schema:
        """
        Return where it stands; one that does not exist yet is not made.

        Raises:
            StorageUnavailable: If it exists and cannot be read.
        """
