"""What PLG remembers."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from plg.domain.records.entries import Entry
from plg.domain.records.record_keys import RecordKey

K_contra = TypeVar("K_contra", bound=RecordKey, contravariant=True)


class CachePort(Protocol[K_contra]):
    """
    One tier of what PLG remembers of one resource.

    Disposable: an entry that is lost costs another call to the source, never a wrong answer.
    """

    @property
    @abstractmethod
    def tier(self) -> str:
        """Name of the tier in metrics."""

    @abstractmethod
    async def get(self, key: K_contra) -> Entry | None:
        """
        Return the entry under the key, fresh or not, or None.

        Raises:
            StorageUnavailable: If the tier did not answer within its bound.
        """

    @abstractmethod
    async def put(self, key: K_contra, entry: Entry) -> None:
        """
        Remember the entry; a `get` that begins after this returned sees it.

        The tier may write it later, and may drop it (full, restarted): what it held before
        may then be seen again. An entry validated earlier than the one it holds does not
        replace it.
        """

    @abstractmethod
    async def remove(self, key: K_contra) -> None:
        """Forget the entry, if there is one; a `get` that begins after this sees none."""

    @abstractmethod
    async def clear(self) -> None:
        """Forget every entry of the resource; a `get` that begins after this sees none."""


class RecentRecordsPort(Protocol[K_contra]):
    """The part of the cache that answers at once, without waiting."""

    @abstractmethod
    def peek(self, key: K_contra) -> Entry | None:
        """Return the entry under the key, fresh or not, or None when it is not at hand."""


class MemoryTierPort(CachePort[K_contra], RecentRecordsPort[K_contra], Protocol[K_contra]):
    """The first tier: a cache that also answers at once."""


@dataclass(frozen=True, slots=True)
class CacheStats:
    """How much a durable tier holds of a resource: entries, and bytes of their bodies."""

    entries: int
    body_bytes: int


class CacheInventoryPort(Protocol):
    """The durable tier as its operator sees it."""

    @abstractmethod
    async def stats(self) -> CacheStats:
        """Count what is held, also what is stale."""

    @abstractmethod
    def entries(self) -> AsyncIterator[tuple[str, Entry]]:
        """Go through keys and entries in the order of keys, without holding all at once."""

    @abstractmethod
    async def flush(self) -> None:
        """Return when everything that was put or removed so far is written."""

    @abstractmethod
    async def remove_expired(self, now: float, *, limit: int) -> int:
        """Remove at most `limit` entries that no rule allows any more; return how many."""
