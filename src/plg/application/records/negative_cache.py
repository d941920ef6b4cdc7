"""What the source is known not to have."""

from collections import OrderedDict

ABSENCES_MAX = 10_000


class NegativeCache:
    """
    Remembers misses for `ttl` seconds; not at all where that is 0.

    Bounded: the oldest of more than 10,000 goes first. Instants are monotonic.
    """

    def __init__(self, ttl: float) -> None:
        self._ttl = ttl
        self._until: OrderedDict[str, float] = OrderedDict()

    def covers(self, key: str, now: float) -> bool:
        """Tell whether the source was asked for the key recently and had no match."""
        return self._until.get(key, now) > now

    def add(self, key: str, now: float) -> None:
        """Remember that there is no match."""
        if self._ttl > 0:
            self._until[key] = now + self._ttl
            self._until.move_to_end(key)
            if len(self._until) > ABSENCES_MAX:
                self._until.popitem(last=False)

    def discard(self, key: str) -> None:
        """Forget one."""
        self._until.pop(key, None)

    def clear(self) -> None:
        """Forget all."""
        self._until.clear()
