"""
When an account is told how much of a limit it has used.

Each threshold is told once in each period of a limit: of quotas the period is the day in UTC, of
a spend cap the month. What counts is what is recorded; what is reserved
does not. Where a limit changes within a period, what is reached by the new one is told with the
next record, and what was told stays told.

A blocking spend cap can rarely be met to the cent. All of it counts as used, too, once an answer is
refused because it no longer fits beside what is recorded.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from plg.domain.ledger.meters import Meter
from plg.domain.plans.tariffs import Tariff

PERCENTS: Final = (50, 80, 100)
ALL: Final = 100


class Limit(StrEnum):
    """What is limited."""

    REQUESTS = "requests_per_day"
    VINS = "vins_per_day"
    SPEND = "spend_cap"

    @property
    def is_daily(self) -> bool:
        return self is not Limit.SPEND


_REQUESTS, _VINS, _SPEND = (limit.value for limit in Limit)


class Reached(NamedTuple):
    """
    A threshold that is reached.

    Attributes:
        kind: The value of a `Limit`.
        period: Of a quota the day, of a spend cap the first day of the month; in days since the
            epoch.
        used: So many, or so much in billionths of the currency.
        most: The limit, in the same.
        currency: None for what is no money.
        resource: Whose own quota it is; empty for a limit of the account.
    """

    account_id: str
    kind: str
    period: int
    percent: int
    used: int
    most: int
    currency: str | None = None
    resource: str = ""

    @property
    def place(self) -> tuple[str, str, int, int, str]:
        """What tells it from others."""
        return self.account_id, self.kind, self.period, self.percent, self.resource


def percents_of(used: int, most: int) -> tuple[int, ...]:
    """Return the thresholds that are reached; nothing used reaches none."""
    if used <= 0 or used * 100 < PERCENTS[0] * most:
        return ()
    return tuple(percent for percent in PERCENTS if used * 100 >= percent * most)


def reached_by(meter: Meter) -> list[Reached]:
    """Return what is reached by what changed on a meter since it was read, told already or not."""
    tariff, changes = meter.tariff, meter.changes
    if tariff is None:
        return []
    found: list[Reached] = []
    for day in {day for day, _ in changes.days}:
        count = meter.days[day]
        found += _used(meter, _REQUESTS, day, "", count.requests, tariff.requests_per_day)
        found += _used(meter, _VINS, day, "", count.vins, tariff.vins_per_day)
    if tariff.resource_requests:
        for day, resource in changes.days:
            used, most = meter.days[day].of(resource).requests, tariff.resource_requests
            found += _used(meter, _REQUESTS, day, resource, used, most.get(resource))
    if tariff.tells_at is not None and (changes.records or changes.is_cap_met):
        found += _spent(meter, tariff, tariff.tells_at)
    return found


def _used(
    meter: Meter, kind: str, day: int, resource: str, used: int, most: int | None
) -> list[Reached]:
    if most is None or used * 2 < most:
        return []
    mine, percents = meter.account_id, percents_of(used, most)
    return [Reached(mine, kind, day, each, used, most, None, resource) for each in percents]


def _spent(meter: Meter, tariff: Tariff, most: int) -> list[Reached]:
    currency = tariff.currency.code
    used = meter.spent.get(currency, 0)
    percents = percents_of(used, most)
    if meter.changes.is_cap_met and ALL not in percents:
        percents = (*percents, ALL)
    period = meter.month
    return [
        Reached(meter.account_id, _SPEND, period, each, used, most, currency) for each in percents
    ]
