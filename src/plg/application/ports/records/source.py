"""Where records come from."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from plg.domain.records.players import KillerBiId, Player
from plg.domain.records.record_keys import RecordKey

K_contra = TypeVar("K_contra", bound=RecordKey, contravariant=True)
R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Fetched(Generic[R_co]):
    """The record as it is now, and the source's entity tag for it, if it gave one."""

    record: R_co
    validator: str | None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The record is still the one that the validator was given for."""

    validator: str


class SourcePort(Protocol[K_contra, R_co]):
    """Knows every record, but is slow and may fail."""

    @abstractmethod
    async def fetch(
        self, key: K_contra, validator: str | None = None
    ) -> Fetched[R_co] | NotModified | None:
        """
        Return the record, or None when the source clearly has no match for exactly this key.

        `NotModified` comes only where a `validator` was given. Every way out is bounded in
        time by the caller, who may cancel the call.

        Raises:
            SourceFailed: If there was no connection, or no usable status.
            SourceBroken: If the answer breaks the contract.
            SourceTimeout: If the source was too slow.
        """


class PlayerSourcePort(SourcePort[KillerBiId, Player], Protocol):
    """Where players come from."""
