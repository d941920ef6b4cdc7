"""Which gateways serve from a data folder."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol


class GatewaysPort(Protocol):
    """Gateways on one data folder, each of them one process or several; all on this machine."""

    @abstractmethod
    def serving(self) -> AbstractContextManager[Sequence[int]]:
        """
        Be one of them within the `with` block; it gives the process ids of those that were there.

        Raises:
            StorageUnavailable: If a restore is under way, or the folder cannot be written.
        """

    @abstractmethod
    def working(self) -> AbstractContextManager[None]:
        """
        Be a worker of one of them within the `with` block: it counts for `none` alone.

        Raises:
            StorageUnavailable: As with `serving`.
        """

    @abstractmethod
    def none(self) -> AbstractContextManager[None]:
        """
        Keep all of them from starting within the `with` block.

        Raises:
            StorageUnavailable: If one of them runs, or the folder cannot be written.
        """

    @abstractmethod
    def running(self) -> Sequence[int]:
        """Return their process ids; nothing is made by looking."""
