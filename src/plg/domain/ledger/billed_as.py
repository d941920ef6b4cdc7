"""What an answer is billed as: what a 304 costs, what "no such record" costs, what is free."""

from typing import Final

from plg.domain.errors import NoMatch, PlgError, QuotaExceeded
from plg.domain.ledger.free_usage import FAILED, REFUSED
from plg.domain.plans.plans import Metered
from plg.domain.records.lookups import Outcome

_METERED: Final = {each.value: Metered.of(each) for each in Outcome if each is not Outcome.FAILED}


def billed_as(outcome: str, *, confirms: bool) -> Metered:
    """
    Return which price of the plan an answer has.

    Args:
        outcome: Of the lookup, as `Outcome` names it.
        confirms: Whether the answer only confirms a version that the client named (a 304). A 304
            to `If-None-Match: *` names none and tells as much as the record: it costs the same.
    """
    return Metered.NOT_MODIFIED if confirms else _METERED[outcome]


def failure_counted_as(error: PlgError) -> str:
    """Return what a failure counts as in the free usage: it has no usage record of its own."""
    if isinstance(error, QuotaExceeded):
        return REFUSED
    return Metered.NOT_FOUND.value if isinstance(error, NoMatch) else FAILED
