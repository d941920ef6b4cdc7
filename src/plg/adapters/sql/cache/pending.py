"""What is decided, but not yet in the database: reads must see it as if it were."""

from enum import Enum

from plg.domain.records.entries import Entry

BYTES_MAX = 32 * 1024 * 1024
REMOVALS_MAX = 65_536


class Change(Enum):
    """What may have become of a key, besides a new entry."""

    NONE = "no change"
    REMOVED = "removed"


class PendingChanges:
    """
    The newest change of each key, in the order of keys first changed.

    Fills are bounded in bytes: past that they are dropped, which costs a refetch. Removals
    are never dropped: past their bound everything is removed, which costs more of them.
    """

    def __init__(self) -> None:
        self._changes: dict[str, Entry | Change] = {}
        self._bytes = 0
        self._removals = 0
        self.is_clearing = False

    def __len__(self) -> int:
        return len(self._changes)

    def __bool__(self) -> bool:
        return self.is_clearing or bool(self._changes)

    def of(self, key: str) -> Entry | Change:
        """Return the key's entry to be, `REMOVED`, or `NONE`."""
        change = self._changes.get(key, Change.NONE)
        return Change.REMOVED if change is Change.NONE and self.is_clearing else change

    def put(self, key: str, entry: Entry) -> bool:
        """Note a fill, and tell whether there was room for it."""
        held = self._changes.get(key)
        if isinstance(held, Entry) and held.validated_at > entry.validated_at:
            return True
        if self._bytes + len(entry.body) > BYTES_MAX:
            return False
        self._set(key, entry)
        return True

    def remove(self, key: str) -> bool:
        """Note a removal; False where there was no room, and everything but fills will go."""
        if self.is_clearing:
            self._drop(key)
            return True
        self._set(key, Change.REMOVED)
        return self._bound_removals()

    def clear(self) -> None:
        """Note the removal of everything."""
        self._changes.clear()
        self._bytes = self._removals = 0
        self.is_clearing = True

    def inherit_removals(self, failed: "PendingChanges") -> bool:
        """
        Take over the removals of a group that could not be written; newer changes win.

        False where there was no room, as with `remove`.
        """
        if failed.is_clearing:
            self._clear_but_fills()
            return True
        for key in failed.removals():
            if key not in self._changes:
                self._set(key, Change.REMOVED)
        return self._bound_removals()

    def fills(self) -> list[tuple[str, Entry]]:
        """Return keys and their entries to be."""
        return [(key, change) for key, change in self._changes.items() if isinstance(change, Entry)]

    def removals(self) -> list[str]:
        """Return the keys to be removed one by one."""
        return [key for key, change in self._changes.items() if change is Change.REMOVED]

    def _bound_removals(self) -> bool:
        if self.is_clearing or self._removals <= REMOVALS_MAX:
            return True
        self._clear_but_fills()
        return False

    def _clear_but_fills(self) -> None:
        self._changes = dict(self.fills())
        self._removals = 0
        self.is_clearing = True

    def _set(self, key: str, change: Entry | Change) -> None:
        self._drop(key)
        self._bytes += len(change.body) if isinstance(change, Entry) else 0
        self._removals += change is Change.REMOVED
        self._changes[key] = change

    def _drop(self, key: str) -> None:
        held = self._changes.pop(key, None)
        self._bytes -= len(held.body) if isinstance(held, Entry) else 0
        self._removals -= held is Change.REMOVED
