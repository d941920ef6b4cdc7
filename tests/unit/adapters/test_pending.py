"""What is decided, but not yet in the database."""

from plg.adapters.sql.pending import Change, PendingChanges
from tests.fakes.clock import NOON
from tests.fakes.entries import entry_of


def pending(**changes: str) -> PendingChanges:
    made = PendingChanges()
    for key, what in changes.items():
        if what == "put":
            made.put(key, entry_of())
        else:
            made.remove(key)
    return made


def test_nothing_is_pending_at_first() -> None:
    assert (bool(PendingChanges()), PendingChanges().of("a")) == (False, Change.NONE)


def test_after_clearing_every_key_is_removed() -> None:
    changes = pending(a="put")
    changes.clear()

    assert (bool(changes), len(changes), changes.of("a")) == (True, 0, Change.REMOVED)


def test_a_put_after_clearing_is_seen() -> None:
    changes = PendingChanges()
    changes.clear()
    changes.put("a", entry_of())

    assert changes.of("a") == entry_of()


def test_an_older_entry_does_not_replace_a_newer_one() -> None:
    newer = entry_of(validated_at=NOON + 1)
    changes = PendingChanges()
    changes.put("a", newer)

    assert (changes.put("a", entry_of()), changes.of("a")) == (True, newer)


def test_fills_and_removals_are_told_apart() -> None:
    changes = pending(a="put", b="remove")

    assert (changes.fills(), changes.removals()) == ([("a", entry_of())], ["b"])


def test_a_failed_groups_removals_are_taken_over() -> None:
    changes = pending(a="put")
    changes.inherit_removals(pending(b="remove"))

    assert changes.removals() == ["b"]


def test_a_failed_groups_fills_are_not() -> None:
    changes = PendingChanges()
    changes.inherit_removals(pending(a="put"))

    assert not changes


def test_a_newer_change_wins_over_a_failed_removal() -> None:
    changes = pending(a="put")
    changes.inherit_removals(pending(a="remove"))

    assert changes.of("a") == entry_of()


def test_a_failed_clearing_is_taken_over_under_newer_changes() -> None:
    failed = PendingChanges()
    failed.clear()
    changes = pending(a="put")
    changes.inherit_removals(failed)

    assert (changes.of("a"), changes.of("b")) == (entry_of(), Change.REMOVED)
