"""Where the keys that sign access tokens are kept."""

from abc import abstractmethod
from typing import Protocol

from plg.domain.identity.signing_keys import SigningKey


class SigningKeysPort(Protocol):
    """Signing keys, within one transaction. Every method may raise StorageUnavailable."""

    @abstractmethod
    async def all(self) -> list[SigningKey]:
        """Return all keys, the oldest first; in a change, nobody else changes them."""

    @abstractmethod
    async def add(self, key: SigningKey) -> None:
        """Add a key."""

    @abstractmethod
    async def replace(self, key: SigningKey) -> None:
        """Write all of the key with this id anew."""

    @abstractmethod
    async def remove(self, key_id: str) -> None:
        """Remove a key."""
