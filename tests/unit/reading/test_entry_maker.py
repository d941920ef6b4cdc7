"""How an answer of the source becomes an entry."""

import pytest

from plg.adapters.encoding.players import JsonPlayerEncoder
from plg.application.ports.records.source import Fetched, NotModified
from plg.application.records.entry_maker import EntryMaker
from plg.domain.records.freshness import FreshnessPolicy
from plg.domain.records.players import Player
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.entries import ANA, document_of, entry_of

POLICY = FreshnessPolicy(ttl=100, stale_while_revalidate=0, stale_if_error=0, jitter=0.1)


@pytest.fixture
def maker() -> EntryMaker[Player]:
    return EntryMaker(JsonPlayerEncoder(), POLICY, StoppedClock(NOON + 7), draw=lambda: 0.5)


def fetched(version: int = 1, validator: str | None = '"v1"') -> Fetched[Player]:
    return Fetched(Player(ANA, document_of(ANA, version)), validator)


def test_a_new_entry_is_fetched_and_confirmed_now(maker: EntryMaker[Player]) -> None:
    entry = maker.make(fetched(), None)

    assert entry == entry_of(ANA, validator='"v1"', fetched_at=NOON + 7, ttl=95)


def test_a_confirmed_entry_keeps_its_content(maker: EntryMaker[Player]) -> None:
    known = entry_of(ANA, validator='"v1"')

    assert maker.make(NotModified('"v1"'), known) == known.renewed(NOON + 7, 95, '"v1"')


def test_the_same_content_keeps_its_tag_and_takes_the_new_validator(
    maker: EntryMaker[Player],
) -> None:
    known = entry_of(ANA, validator='"v1"')

    assert maker.make(fetched(validator='"v2"'), known) == known.renewed(NOON + 7, 95, '"v2"')


def test_other_content_is_a_new_entry(maker: EntryMaker[Player]) -> None:
    known = entry_of(ANA, validator='"v1"')

    assert maker.make(fetched(version=2), known) == maker.make(fetched(version=2), None)


def test_a_source_that_confirms_what_nobody_knows_breaks_its_port(
    maker: EntryMaker[Player],
) -> None:
    with pytest.raises(TypeError, match="validator"):
        maker.make(NotModified('"v1"'), None)
