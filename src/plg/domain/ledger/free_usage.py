"""Answers that nobody pays for: they are counted, not recorded."""

from typing import Final, NamedTuple

MINUTE: Final = 60
FAILED: Final = "failed"
REFUSED: Final = "refused"
OTHERS: Final = "*"
"""Stands for accounts where there are too many to tell them apart."""


class FreeUsageSum(NamedTuple):
    """
    How many there were in a minute.

    Attributes:
        minute: Since the epoch.
        account_id: `service` for the service key.
        metered: The value of a `Metered`, `failed`, or `refused` where a quota was used up.
    """

    minute: int
    account_id: str
    resource: str
    metered: str
    answers: int


class FreeUsageTotal(NamedTuple):
    """How many there were in some time."""

    account_id: str
    resource: str
    metered: str
    answers: int


def minute_of(instant: float) -> int:
    """Return the minute, as minutes since the epoch."""
    return int(instant // MINUTE)
