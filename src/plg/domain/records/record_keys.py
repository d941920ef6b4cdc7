"""What every record key has in common."""

from typing import Protocol


class RecordKey(Protocol):
    """A validated, immutable key under which a source knows one record."""

    @property
    def value(self) -> str:
        """The key as text, 1 to 128 characters, no control characters."""
        ...
