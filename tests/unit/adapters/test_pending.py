"""What is decided, but not yet in the database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.adapters.sql.cache.pending import Change, PendingChanges
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


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> PendingChanges:
    """As many removals as there is room for, and a fill."""
    monkeypatch.setattr("plg.adapters.sql.cache.pending.REMOVALS_MAX", 3)
    return pending(a="remove", b="remove", c="remove", d="put")


def test_as_many_removals_as_there_is_room_for_are_kept_one_by_one(full: PendingChanges) -> None:
    assert full.remove("a")
    assert (full.removals(), full.is_clearing) == (["b", "c", "a"], False)


def test_past_that_everything_is_removed_but_what_was_filled(full: PendingChanges) -> None:
    assert not full.remove("e")
    assert (full.is_clearing, full.removals(), len(full)) == (True, [], 1)
    assert [full.of(key) for key in ("a", "d", "e", "any")] == [
        Change.REMOVED,
        entry_of(),
        Change.REMOVED,
        Change.REMOVED,
    ]


def test_then_removals_take_no_more_room(full: PendingChanges) -> None:
    told = [full.remove(f"{number}") for number in range(10)]

    assert (told, len(full)) == ([False] + [True] * 9, 1)


def test_then_a_fill_that_is_removed_is_gone(full: PendingChanges) -> None:
    full.remove("e")
    full.remove("d")

    assert (full.of("d"), len(full)) == (Change.REMOVED, 0)


def test_removals_of_failed_groups_are_bounded_together(full: PendingChanges) -> None:
    changes = pending(e="remove", f="put")

    assert not changes.inherit_removals(full)
    assert (changes.is_clearing, changes.removals()) == (True, [])
    assert changes.of("f") == entry_of()


def test_a_key_that_is_filled_again_makes_room(full: PendingChanges) -> None:
    full.put("a", entry_of())

    assert (full.remove("e"), full.is_clearing) == (True, False)


@given(st.lists(st.tuples(st.sampled_from(("put", "remove", "clear", "fail")), st.integers(0, 9))))
def test_no_removal_is_ever_forgotten(acts: list[tuple[str, int]]) -> None:
    """Whatever happens, a key that was removed last does not seem to be untouched."""
    gathering, removed = PendingChanges(), set[str]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("plg.adapters.sql.cache.pending.REMOVALS_MAX", 3)
        for act, number in acts:
            key = str(number)
            if act == "put":
                gathering.put(key, entry_of())
                removed.discard(key)
            elif act == "remove":
                gathering.remove(key)
                removed.add(key)
            elif act == "clear":
                gathering.clear()
                removed |= set(map(str, range(10)))
            else:
                gathering, failed = PendingChanges(), gathering
                gathering.inherit_removals(failed)

            assert {gathering.of(each) for each in removed} <= {Change.REMOVED}
            assert len(gathering.removals()) <= 3
