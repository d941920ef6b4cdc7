"""How secrets are kept whose clear text is needed again."""

from abc import abstractmethod
from typing import Protocol


class SealPort(Protocol):
    """Authenticated encryption under a key derived from the operator's secret."""

    @abstractmethod
    def seal(self, clear: bytes, context: str) -> str:
        """Return the sealed text; it opens only with the same context, such as `device:<id>`."""

    @abstractmethod
    def open(self, sealed: str, context: str) -> bytes:
        """
        Return the clear text.

        Raises:
            SealBroken: If it was sealed under a secret that is not set any more, or changed.
        """

    @property
    @abstractmethod
    def prefixes(self) -> tuple[str, ...]:
        """What sealed texts begin with, one for each secret that is set, the current one first."""

    @abstractmethod
    def is_current(self, sealed: str) -> bool:
        """Tell whether it was sealed under the secret that is set now, not one before it."""
