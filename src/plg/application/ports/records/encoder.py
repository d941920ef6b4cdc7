"""How a record becomes bytes."""

from abc import abstractmethod
from typing import Protocol, TypeVar

from plg.domain.records.entries import Representation

R_contra = TypeVar("R_contra", contravariant=True)


class RecordEncoderPort(Protocol[R_contra]):
    """Makes the representation of a record, once, when an entry is made."""

    @abstractmethod
    def encode(self, record: R_contra, fetched_at: float) -> Representation:
        """Return the same bytes and entity tag for the same record and instant, always."""
