"""Whoever reads a key learns that it was removed."""

import pytest

from plg.application.records.watches import Watches
from plg.domain.records.players import KillerBiId
from tests.fakes.entries import ANA, BEN


@pytest.fixture
def watches() -> Watches[KillerBiId]:
    return Watches()


def test_a_removal_is_no_purge(watches: Watches[KillerBiId]) -> None:
    watch = watches.begin(ANA)
    watches.removed(ANA)

    assert (watch.was_removed, watch.was_purged) == (True, False)


@pytest.mark.parametrize("purged", [ANA, None])
def test_a_purge_is_a_removal_too(watches: Watches[KillerBiId], purged: KillerBiId | None) -> None:
    watch = watches.begin(ANA)
    watches.purged(purged)

    assert (watch.was_removed, watch.was_purged) == (True, True)


def test_everybody_who_watches_learns_of_it(watches: Watches[KillerBiId]) -> None:
    pair = (watches.begin(ANA), watches.begin(ANA))
    watches.purged(ANA)

    assert [watch.was_purged for watch in pair] == [True, True]


def test_what_happens_to_another_key_is_nobodys_business(watches: Watches[KillerBiId]) -> None:
    watch = watches.begin(ANA)
    watches.removed(BEN)
    watches.purged(BEN)

    assert (watch.was_removed, watch.was_purged) == (False, False)


def test_a_watch_that_has_ended_learns_nothing(watches: Watches[KillerBiId]) -> None:
    other = watches.begin(ANA)
    with watches.begin(ANA) as watch:
        pass
    watches.purged(ANA)

    assert (watch.was_purged, other.was_purged) == (False, True)


def test_watches_that_have_ended_leave_nothing_behind(watches: Watches[KillerBiId]) -> None:
    with watches.begin(ANA), watches.begin(ANA):
        pass

    assert len(watches) == 0
