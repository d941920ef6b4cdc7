"""What the simulator counts, so that a test can say how often the source was asked."""

from collections import Counter
from typing import Final

_KEYS_SHOWN: Final = 1000


class CallStats:
    """
    Counts of the calls since the last reset.

    Calls are counted for each of the first `keys_counted` distinct keys; calls for keys
    beyond that show in `uncounted_keys` only, so that memory stays bounded.
    """

    def __init__(self, keys_counted: int = 200_000) -> None:
        """Begin with nothing counted."""
        self.in_flight = 0
        self._keys_counted = keys_counted
        self.reset()

    def reset(self) -> None:
        """Forget everything but the calls that are in flight."""
        self.calls = 0
        self.max_in_flight = self.in_flight
        self.uncounted_keys = 0
        self.by_result: Counter[str] = Counter()
        self.by_status: Counter[int] = Counter()
        self.by_key: Counter[str] = Counter()

    @property
    def distinct_keys(self) -> int:
        """Return how many different keys were asked for."""
        return len(self.by_key)

    @property
    def not_modified(self) -> int:
        """Return how many calls were answered with 304."""
        return self.by_result["not_modified"]

    def began(self, key: str) -> None:
        """Count a call for `key` that has arrived."""
        self.calls += 1
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        if key in self.by_key or len(self.by_key) < self._keys_counted:
            self.by_key[key] += 1
        else:
            self.uncounted_keys += 1

    def came_to(self, result: str, status: int | None) -> None:
        """Count what a call came to; no status if it went without an answer."""
        self.by_result[result] += 1
        if status is not None:
            self.by_status[status] += 1

    def ended(self) -> None:
        """Count a call out."""
        self.in_flight -= 1

    def as_json(self) -> dict[str, object]:
        """Return all counts; of the keys, the thousand most asked for."""
        return {
            "calls": self.calls,
            "in_flight": self.in_flight,
            "max_in_flight": self.max_in_flight,
            "not_modified": self.not_modified,
            "distinct_keys": self.distinct_keys,
            "uncounted_keys": self.uncounted_keys,
            "by_result": dict(self.by_result),
            "by_status": {str(status): count for status, count in self.by_status.items()},
            "by_key": dict(self.by_key.most_common(_KEYS_SHOWN)),
        }
