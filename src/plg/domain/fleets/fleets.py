"""Fleets: sets of vehicles that accounts may be bound to."""

import re
from dataclasses import dataclass, replace
from typing import Final

from plg.domain.errors import InvalidParameter

VEHICLES_MAX: Final = 5_000_000
"""How many VINs one import may name."""
BOUND_MAX: Final = 100
"""How many fleets an account may be bound to."""
CODE_PATTERN: Final = "[a-z0-9-]{1,64}"
_CODE: Final = re.compile(CODE_PATTERN)


def fleet_code_of(text: str) -> str:
    """Return the text where a fleet may be called so, or raise InvalidParameter."""
    if _CODE.fullmatch(text) is None:
        raise InvalidParameter("code", "A fleet's code has 1 to 64 of a to z, 0 to 9 and hyphens.")
    return text


@dataclass(frozen=True, slots=True)
class Staged:
    """
    What an import has named so far, each vehicle once.

    Attributes:
        added: Vehicles that the fleet does not have.
        already: Vehicles that it has.
    """

    added: int = 0
    already: int = 0

    def __add__(self, more: "Staged") -> "Staged":
        return Staged(self.added + more.added, self.already + more.already)


@dataclass(frozen=True, slots=True)
class Fleet:
    """
    A set of vehicles.

    Attributes:
        vehicles: How many it has.
        imported_at: When an import last came to its end.
    """

    code: str
    name: str
    vehicles: int
    imported_at: float

    def removed_by(self, staged: Staged, *, replaces: bool) -> int:
        """Tell how many vehicles an import takes away: those that it does not name."""
        return self.vehicles - staged.already if replaces else 0

    def after(self, staged: Staged, now: float, *, replaces: bool) -> "Fleet":
        """Return what an import makes of it."""
        left = self.vehicles - self.removed_by(staged, replaces=replaces)
        return replace(self, vehicles=left + staged.added, imported_at=now)
