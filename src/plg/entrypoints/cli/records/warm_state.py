"""How far a run of `plg warm` has come, so that the next one can go on from there."""

import os
from pathlib import Path
from typing import Self

import msgspec

from plg.application.records.warm_records import Warmed, WarmResult
from plg.domain.errors import StorageUnavailable


class WarmState(msgspec.Struct):
    """
    The outcome of the first ids of a list.

    Attributes:
        tally: How often each result came.
        reasons: Why ids failed, and how many each time.
    """

    tally: dict[WarmResult, int] = {}
    reasons: dict[str, int] = {}

    @property
    def done(self) -> int:
        """How many ids need not be looked at again."""
        return sum(self.tally.values())

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return self.tally.get(WarmResult.FAILED, 0)

    def add(self, warmed: Warmed) -> None:
        """Count the next id."""
        self.tally[warmed.result] = self.tally.get(warmed.result, 0) + 1
        if warmed.reason is not None:
            self.reasons[warmed.reason] = self.reasons.get(warmed.reason, 0) + 1

    def as_text(self) -> str:
        """Return the tally in words."""
        return ", ".join(f"{self.tally.get(result, 0)} {result}" for result in WarmResult)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return what is kept, or a new beginning where nothing of use is."""
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except (OSError, msgspec.DecodeError):
            return cls()

    def save(self, path: Path) -> None:
        """
        Keep it: the whole of it or, if that is interrupted, what was kept before.

        Raises:
            StorageUnavailable: If it cannot be written.
        """
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(msgspec.json.encode(self))
            draft.replace(path)
        except OSError as error:
            raise StorageUnavailable(f"{path} cannot be written: {error}") from error
