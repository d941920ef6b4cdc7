"""Which plan an account has, and what it has apart from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.plans.plans import Plan, in_force, next_in_force
from plg.domain.plans.tariffs import SpendCap
from plg.domain.plans.terms import Terms

OVERRIDES_MAX: Final = 100
"""Overrides of one account that have not ended."""
AHEAD_SECONDS_MAX: Final = 36_525 * DAY_SECONDS
"""So far ahead an override may begin and end: a hundred years."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """
    A plan that an account has from an instant on, until the next one begins.

    Attributes:
        version: The version that the account stays on; None where it follows the plan's versions.
    """

    account_id: str
    from_at: float
    code: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """
    Terms of one account alone, for some time.

    Attributes:
        until_at: None for as long as nobody ends it.
    """

    id: str
    account_id: str
    from_at: float
    until_at: float | None
    terms: Terms

    @property
    def ends_at(self) -> float:
        return inf if self.until_at is None else self.until_at

    def holds(self, instant: float) -> bool:
        """Tell whether it has begun and not ended."""
        return self.from_at <= instant < self.ends_at


@dataclass(frozen=True, slots=True)
class AccountTerms:
    """
    All that is kept of an account's terms.

    Attributes:
        assignments: By their beginning; none where the account has the default plan.
        overrides: Those that have not ended, by their beginning.
        cap: The spend cap that the operator gave it.
        own_cap: The one that it gave itself; both hold.
    """

    assignments: tuple[Assignment, ...] = ()
    overrides: tuple[Override, ...] = ()
    cap: SpendCap | None = None
    own_cap: SpendCap | None = None

    def assignment_at(self, instant: float) -> Assignment | None:
        """Return what holds at an instant; None for the default plan."""
        begun = [each for each in self.assignments if each.from_at <= instant]
        return begun[-1] if begun else None

    def planned_after(self, instant: float) -> tuple[Assignment, ...]:
        """Return the assignments that are to come."""
        return tuple(each for each in self.assignments if each.from_at > instant)

    def next_change(self, instant: float) -> float:
        """Return when something begins or ends by itself; infinite where nothing does."""
        edges = [each.from_at for each in self.assignments]
        for each in self.overrides:
            edges += [each.from_at, each.ends_at]
        return min((edge for edge in edges if edge > instant), default=inf)


@dataclass(frozen=True, slots=True)
class PlanState:
    """
    What holds for an account at an instant.

    Attributes:
        plan: The version of the plan that it has.
        effective: The same with the account's overrides.
        valid_until: When this changes by itself; infinite where it does not.
    """

    plan: Plan
    effective: Plan
    valid_until: float
    terms: AccountTerms
    is_pinned: bool

    @classmethod
    def at(cls, instant: float, terms: AccountTerms, versions: Sequence[Plan]) -> "PlanState":
        """Return what holds, by the versions of the plan that the account has then."""
        assignment = terms.assignment_at(instant)
        number = None if assignment is None else assignment.version
        pinned = [plan for plan in versions if plan.version == number]
        until = terms.next_change(instant)
        if not pinned:
            until = min(until, next_in_force(versions, instant))
        effective = plan = pinned[0] if pinned else in_force(versions, instant)
        for override in terms.overrides:  # of two that say the same, the one that began later
            if override.holds(instant):
                effective = override.terms.applied_to(effective)
        return cls(plan, effective, until, terms, bool(pinned))
