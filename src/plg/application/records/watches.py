"""Each read or fetch of a key learns that it was removed before its end: a removal wins."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)


@dataclass(slots=True, eq=False)
class Watch(Generic[K]):
    """What happened to a key since the watch began; it ends with its `with` block."""

    key: K
    watches: "Watches[K]"
    was_removed: bool = False
    was_purged: bool = False

    def __enter__(self) -> "Watch[K]":
        return self

    def __exit__(self, *_: object) -> None:
        self.watches.end(self)


class Watches(Generic[K]):
    """All watches that have not ended, by key."""

    def __init__(self) -> None:
        self._open: dict[K, set[Watch[K]]] = {}

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, key: K) -> Watch[K]:
        """Watch the key from now on."""
        watch = Watch(key, self)
        self._open.setdefault(key, set()).add(watch)
        return watch

    def end(self, watch: Watch[K]) -> None:
        """Let it learn nothing more."""
        watches = self._open[watch.key]
        watches.remove(watch)
        if not watches:
            del self._open[watch.key]

    def removed(self, key: K) -> None:
        """Tell that the key was removed."""
        for watch in self._open.get(key, ()):
            watch.was_removed = True

    def purged(self, key: K | None) -> None:
        """Tell that somebody asked to forget the key, or everything."""
        watches: Iterable[Watch[K]] = (
            chain.from_iterable(self._open.values()) if key is None else self._open.get(key, ())
        )
        for watch in watches:
            watch.was_removed = watch.was_purged = True
