"""Where API keys are kept."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from plg.domain.identity.accounts import Account
from plg.domain.identity.api_keys import ApiKey, KeySecret
from plg.domain.identity.sealed_secrets import SealedUnderOldSecret


@dataclass(frozen=True, slots=True)
class KeyWithAccount:
    """All that decides whether a presented key is good."""

    key: ApiKey
    secret: KeySecret
    account: Account


@dataclass(frozen=True, slots=True)
class KeyUse:
    """The latest use of a key that is to be written down."""

    key_id: str
    at: float
    address: str | None


class ApiKeysPort(Protocol):
    """API keys, within one transaction. Every method may raise StorageUnavailable."""

    @abstractmethod
    async def add(self, key: ApiKey, secret: KeySecret) -> None:
        """Add a key with its first secret."""

    @abstractmethod
    async def get(self, key_id: str) -> ApiKey | None:
        """Return the key, or None; in a change, nobody else changes it until the end."""

    @abstractmethod
    async def replace(self, key: ApiKey) -> None:
        """Write all of the key with this id anew, but for its last use."""

    @abstractmethod
    async def page(
        self, account_id: str, *, after: str | None, limit: int, search: str | None = None
    ) -> list[ApiKey]:
        """
        Return the account's keys by ascending id, from the one after `after`.

        With `search`, only those whose name or prefix contains it; ASCII letters' case does not
        count.
        """

    @abstractmethod
    async def count(self, account_id: str) -> int:
        """Return how many keys of the account are not revoked."""

    @abstractmethod
    async def standing(self, public: str) -> KeyWithAccount | None:
        """Return the secret with this public part, its key and account; or None."""

    @abstractmethod
    async def secrets(self, key_id: str) -> list[KeySecret]:
        """Return the secrets of a key, the oldest first."""

    @abstractmethod
    async def add_secret(self, secret: KeySecret) -> None:
        """Add a secret to its key."""

    @abstractmethod
    async def replace_secret(self, secret: KeySecret) -> None:
        """Write the digest, pepper and end of the secret with this public part anew."""

    @abstractmethod
    async def drop_secret(self, public: str) -> None:
        """Remove a secret; nothing happens where there is none."""

    @abstractmethod
    async def note_uses(self, uses: Iterable[KeyUse]) -> None:
        """Write last uses down; one that is earlier than what is written changes nothing."""

    @abstractmethod
    async def left_behind(self, pepper_ids: Sequence[str], now: float) -> SealedUnderOldSecret:
        """
        Count the keys that are good at the instant by a secret under none of these peppers.

        A key whose account is deactivated, or that is disabled, counts: it may be good again.
        """
