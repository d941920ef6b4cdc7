"""How each resource is counted: which count distinct records, and which are free."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

VIN_SPACE: Final = "vin"
"""The space of keys that vehicles have in common."""


@dataclass(frozen=True, slots=True)
class MeterRule:
    """
    How the answers of a resource are counted.

    Attributes:
        resource: The kind of record, as usage records name it.
        space: The space of keys of which distinct ones are counted for a day; a record counts
            once for all resources of a space. None where each answer counts alike.
        is_free: Whether nobody pays: answers are counted, in no quota.
    """

    resource: str
    space: str | None = None
    is_free: bool = False


PLAYERS: Final = MeterRule("players")
VEHICLE_STATIC: Final = MeterRule("vehicle_static", VIN_SPACE)
VEHICLE_DYNAMIC: Final = MeterRule("vehicle_dynamic", VIN_SPACE)
VEHICLE_WARRANTY: Final = MeterRule("vehicle_warranty", VIN_SPACE)
VEHICLE_TRENDLINE: Final = MeterRule("vehicle_trendline", VIN_SPACE)
BUILT_IN: Final = (
    PLAYERS,
    VEHICLE_STATIC,
    VEHICLE_DYNAMIC,
    VEHICLE_WARRANTY,
    VEHICLE_TRENDLINE,
)


class MeterRules:
    """How every resource is counted that there is now; `declare` changes it in place."""

    def __init__(self, declared: Iterable[MeterRule] = ()) -> None:
        self.declare(declared)

    def declare(self, declared: Iterable[MeterRule]) -> None:
        """Take over the rules of the resources that are declared now."""
        self._rules = (*BUILT_IN, *declared)

    @property
    def resources(self) -> frozenset[str]:
        """The names of all resources."""
        return frozenset(rule.resource for rule in self._rules)

    @property
    def count_distinct(self) -> frozenset[str]:
        """The resources of which distinct records are counted."""
        return frozenset(rule.resource for rule in self._rules if rule.space is not None)
