"""How each resource is counted: which count distinct records, and which are free."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class MeterRule:
    """
    How the answers of a resource are counted.

    Attributes:
        resource: The kind of record, as usage records name it.
        counts_distinct: Whether distinct records of it are counted for a day, under `vins`.
        is_free: Whether nobody pays: answers are counted, in no quota.
    """

    resource: str
    counts_distinct: bool = False
    is_free: bool = False


PLAYERS: Final = MeterRule("players")
VEHICLE_STATIC: Final = MeterRule("vehicle_static", counts_distinct=True)
VEHICLE_DYNAMIC: Final = MeterRule("vehicle_dynamic", counts_distinct=True)
VEHICLE_WARRANTY: Final = MeterRule("vehicle_warranty", counts_distinct=True)
VEHICLE_TRENDLINE: Final = MeterRule("vehicle_trendline", counts_distinct=True)
COUNT_DISTINCT: Final = frozenset(
    rule.resource
    for rule in (PLAYERS, VEHICLE_STATIC, VEHICLE_DYNAMIC, VEHICLE_WARRANTY, VEHICLE_TRENDLINE)
    if rule.counts_distinct
)
"""The resources of which distinct records are counted."""
