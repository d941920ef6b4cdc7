"""Where the ledger's tables hold record keys, for erasing them."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol


class HeldKey(NamedTuple):
    """A usage record that holds a record key, and the secret that it is sealed under."""

    sequence: int
    id: str
    pepper_id: str
    record_key: str


class BoundKey(NamedTuple):
    """An idempotency key that is bound to a record key."""

    idempotency_key: str
    record_key: str


class RecordKeysPort(Protocol):
    """
    Record keys of an account, within one transaction.

    Every method may raise StorageUnavailable. Keys are compared as they are, character by
    character; `resource` None stands for every kind of record.
    """

    @abstractmethod
    async def held(
        self,
        account_id: str,
        first: int,
        last: int,
        keys: Collection[str],
        resource: str | None,
    ) -> list[HeldKey]:
        """Return the records among these that hold one of the keys, in order."""

    @abstractmethod
    async def erase(self, account_id: str, digests: Mapping[int, bytes]) -> int:
        """
        Put a digest in the place of the record key, by sequence number; return how many.

        One that was erased before stays as it is.
        """

    @abstractmethod
    async def forget_vehicles(self, account_id: str, keys: Collection[str]) -> int:
        """Forget on which days vehicles were seen; return how many rows there were."""

    @abstractmethod
    async def bound(
        self, account_id: str, keys: Collection[str], resource: str | None
    ) -> list[BoundKey]:
        """Return the idempotency keys that are bound to one of the keys."""

    @abstractmethod
    async def rebind(self, account_id: str, bound: Sequence[BoundKey]) -> None:
        """Bind idempotency keys to other record keys."""
