"""Thresholds that are reached, written beside the records that reach them."""

from collections.abc import Iterable
from typing import Final

from plg.adapters.sql.ledger.group_commit.session import Bulk, Session
from plg.domain.ids import new_id
from plg.domain.ledger.meters import Meter
from plg.domain.notices.deliveries import State
from plg.domain.notices.thresholds import Reached, reached_by

KNOWN_MAX: Final = 100_000
_KEY: Final = ("account_id", "kind", "period", "percent", "resource")
_CHANNELS: Final = ("mail", "webhook")
_DELIVERIES: Final = tuple(
    f"{channel}_{name}" for channel in _CHANNELS for name in ("state", "tries", "due_at")
)
_NOTICES: Final = Bulk(
    "notices",
    (*_KEY, "used", "most", "currency", "id", "at", *_DELIVERIES),
    _KEY,
)


class Noticed:
    """
    Knows which notices are there for sure, so that most groups write none.

    The table decides; what is known here only saves asking it.
    """

    def __init__(self, known_max: int = KNOWN_MAX) -> None:
        self._known: set[tuple[str, str, int, int, str]] = set()
        self._known_max = known_max

    def write(self, session: Session, meters: Iterable[Meter], now: float) -> list[Reached]:
        """Write what is reached; return it, to be remembered once it is committed."""
        found = [each for meter in meters for each in reached_by(meter)]
        fresh = [each for each in found if each.place not in self._known]
        if fresh:
            _NOTICES.write(session, [_row(each, now) for each in fresh])
        return fresh

    def remember(self, written: Iterable[Reached]) -> None:
        """Know these from now on."""
        keys = [each.place for each in written]
        if len(self._known) + len(keys) > self._known_max:
            self._known.clear()
        self._known.update(keys)


def _row(reached: Reached, now: float) -> tuple[object, ...]:
    amounts = (str(reached.used), str(reached.most), reached.currency)
    deliveries = (State.WAITING.value, 0, now) * len(_CHANNELS)
    return (*reached.place, *amounts, new_id(now), now, *deliveries)
