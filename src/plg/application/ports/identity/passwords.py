"""How passwords are kept."""

from abc import abstractmethod
from typing import Protocol


class PasswordHasherPort(Protocol):
    """Slow on purpose, off the event loop, a few at a time; more than may wait raise Busy."""

    @abstractmethod
    async def hash(self, password: str) -> str:
        """
        Return the hash of a password, salted, as a PHC string.

        Raises:
            Busy: If too many wait already.
        """

    @abstractmethod
    async def verify(self, password_hash: str | None, password: str) -> bool:
        """
        Tell whether it is the password; with no hash it takes as long, and is False.

        Raises:
            Busy: If too many wait already.
        """

    @abstractmethod
    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether it was made with parameters other than today's."""
