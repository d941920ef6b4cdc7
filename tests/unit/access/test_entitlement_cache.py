"""Which vehicles accounts were found to have."""

import tracemalloc

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from plg.application.fleets.entitlement_cache import VEHICLES_MAX, EntitlementCache
from tests.fakes.clock import NOON

WHO = st.sampled_from(("ana", "ben", "eve"))
VIN = st.sampled_from(("A", "B", "C", "D"))


def test_who_was_recalled_longest_ago_makes_room() -> None:
    memory = EntitlementCache(2)
    for vin in ("A", "B"):
        memory.keep(memory.begin(), "ana", vin, NOON)
    memory.recall("ana", "A", NOON)
    memory.keep(memory.begin(), "ben", "C", NOON)

    assert memory.recall("ana", "A", NOON)
    assert not memory.recall("ana", "B", NOON)
    assert memory.recall("ben", "C", NOON)


def test_they_take_no_more_than_is_said() -> None:
    memory, share = EntitlementCache(), 16
    tracemalloc.start()
    for number in range(VEHICLES_MAX // share):
        memory.keep(memory.begin(), f"01ACCOUNT{number:017}", f"WVWZZZE1Z{number:08}", NOON)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert taken * share < 80 * 1024 * 1024


class Memory(RuleBasedStateMachine):
    """It never tells more than a plain set does, and never holds more than it may."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = EntitlementCache(3)
        self.kept: set[tuple[str, str]] = set()

    @rule(who=WHO, vin=VIN)
    def keep(self, who: str, vin: str) -> None:
        self.memory.keep(self.memory.begin(), who, vin, NOON)
        self.kept.add((who, vin))
        assert self.memory.recall(who, vin, NOON)

    @rule(who=WHO, vin=VIN, whose=st.one_of(st.none(), WHO))
    def keep_too_late(self, who: str, vin: str, whose: str | None) -> None:
        token = self.memory.begin()
        self.forget(whose)
        before = self.memory.recall(who, vin, NOON)
        self.memory.keep(token, who, vin, NOON)
        assert self.memory.recall(who, vin, NOON) is before

    @rule(whose=st.one_of(st.none(), WHO))
    def forget(self, whose: str | None) -> None:
        self.memory.forget(whose)
        self.kept = {pair for pair in self.kept if whose not in (None, pair[0])}

    @rule(who=WHO, vin=VIN)
    def recall(self, who: str, vin: str) -> None:
        assert not self.memory.recall(who, vin, NOON) or (who, vin) in self.kept

    @invariant()
    def it_is_bounded(self) -> None:
        assert len(self.memory) <= min(3, len(self.kept))


TestMemory = Memory.TestCase
TestMemory.settings = settings(max_examples=60, stateful_step_count=25)
