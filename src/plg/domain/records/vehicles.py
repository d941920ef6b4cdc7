"""Vehicles, as their source knows them."""

import re
from dataclasses import dataclass
from typing import Final

from plg.domain.errors import InvalidParameter

DOCUMENT_BYTES_MAX: Final = 256 * 1024
"""A dynamic record that is larger is served, but no observation of it is kept."""

_SHAPE: Final = re.compile(r"[A-Z0-9]{10,25}")
_CLASSIC_LENGTH: Final = 17
_AMBIGUOUS: Final = re.compile("[IOQ]")


@dataclass(frozen=True, slots=True)
class Vin:
    """
    The key of a vehicle: 10 to 25 of `[A-Z0-9]`; with 17, as ISO 3779 has it, no I, O or Q.

    Raises:
        InvalidParameter: If `value` is not such a text.
    """

    value: str

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.value):
            raise InvalidParameter("vin", "A VIN has 10 to 25 letters A to Z and digits.")
        if len(self.value) == _CLASSIC_LENGTH and _AMBIGUOUS.search(self.value):
            raise InvalidParameter("vin", "A VIN of 17 characters has no I, O or Q.")

    @classmethod
    def parse(cls, text: str) -> "Vin":
        """Trim `text` and fold its case, as people paste it, and take it as a VIN."""
        trimmed = text.strip()
        # Beyond ASCII, letters would fold into ones that nobody wrote.
        return cls(trimmed.upper() if trimmed.isascii() else trimmed)


@dataclass(frozen=True, slots=True)
class StaticData:
    """
    What does not change while a vehicle drives: what it is, and its warranty.

    `document` is the source's record as it was sent: one JSON object, UTF-8. It is kept
    as text, so attributes that PLG does not know and the digits of numbers stay as they are.
    """

    vin: Vin
    document: bytes


@dataclass(frozen=True, slots=True)
class DynamicData:
    """What changes as a vehicle drives; `document` is kept as that of `StaticData`."""

    vin: Vin
    document: bytes


@dataclass(frozen=True, slots=True)
class Observation:
    """
    Dynamic data with the time that it gives itself, in seconds since the epoch.

    State of health is in percent, the odometer in kilometres; None where the source has none.
    """

    vin: Vin
    observed_at: float
    soh: float | None
    odometer: float | None
    document: bytes

    @property
    def can_be_kept(self) -> bool:
        """Tell whether it is small enough to be kept."""
        return len(self.document) <= DOCUMENT_BYTES_MAX
