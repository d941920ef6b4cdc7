"""What this process remembers of verified credentials."""

import tracemalloc
from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from plg.application.identity.credential_cache import (
    ENTRIES_MAX,
    REMEMBER_SECONDS,
    SECOND_CHANCES,
    CachedCaller,
    CredentialCache,
)
from plg.domain.identity.access import DATA_SCOPES, Caller, Scope
from plg.domain.identity.networks import parse_network
from tests.fakes.clock import NOON

FOREVER = float("inf")
ONE_MIB = 1024 * 1024


def remembered(account_id: str = "ana", valid_until: float = FOREVER) -> CachedCaller:
    caller = Caller(f"account:{account_id}", DATA_SCOPES, account_id=account_id)
    return CachedCaller(caller, account_id, valid_until)


@pytest.fixture
def memory() -> CredentialCache:
    memory = CredentialCache(4)
    memory.trust_until(FOREVER)
    return memory


def keep(memory: CredentialCache, digest: bytes, account_id: str = "ana") -> CachedCaller:
    what = remembered(account_id)
    assert memory.keep(memory.begin(), digest, what, NOON)
    return what


def test_what_was_kept_is_recalled(memory: CredentialCache) -> None:
    kept = keep(memory, b"a")

    assert memory.recall(b"a", NOON) is kept
    assert memory.recall(b"b", NOON) is None


def test_nothing_is_recalled_for_longer_than_it_is_valid(memory: CredentialCache) -> None:
    memory.keep(memory.begin(), b"a", remembered(valid_until=NOON + 10), NOON)

    assert memory.recall(b"a", NOON + 9.9) is not None
    assert memory.recall(b"a", NOON + 10) is None


def test_nothing_is_recalled_for_longer_than_five_minutes(memory: CredentialCache) -> None:
    keep(memory, b"a")

    assert memory.recall(b"a", NOON + REMEMBER_SECONDS - 0.1) is not None
    assert memory.recall(b"a", NOON + REMEMBER_SECONDS) is None


def test_nothing_is_recalled_by_a_clock_that_was_set_back(memory: CredentialCache) -> None:
    keep(memory, b"a")

    assert memory.recall(b"a", NOON - 4.9) is not None
    assert memory.recall(b"a", NOON - 5.1) is None


def test_a_clock_that_was_set_back_ends_trust(memory: CredentialCache) -> None:
    memory.trust_until(NOON + 60, NOON)

    assert [memory.is_trusted(NOON + each) for each in (0, -4.9, -5.1)] == [True, True, False]


def test_what_is_verified_again_is_recalled_again(memory: CredentialCache) -> None:
    keep(memory, b"a")
    again = remembered()
    memory.keep(memory.begin(), b"a", again, NOON + REMEMBER_SECONDS)

    assert memory.recall(b"a", NOON + REMEMBER_SECONDS) is again
    assert len(memory) == 1


def test_a_memory_that_is_not_trusted_recalls_nothing() -> None:
    memory = CredentialCache()
    keep(memory, b"a")

    assert not memory.is_trusted(NOON)
    assert memory.recall(b"a", NOON) is None


def test_trust_ends_at_its_instant(memory: CredentialCache) -> None:
    keep(memory, b"a")
    memory.trust_until(NOON + 1)

    assert memory.recall(b"a", NOON + 0.9) is not None
    assert memory.recall(b"a", NOON + 1) is None


def test_an_account_is_forgotten_and_the_others_are_not(memory: CredentialCache) -> None:
    for digest, account_id in ((b"a", "ana"), (b"b", "ben"), (b"c", "ana")):
        keep(memory, digest, account_id)
    memory.forget("ana")

    assert [memory.recall(digest, NOON) is not None for digest in (b"a", b"b", b"c")] == [
        False,
        True,
        False,
    ]


def test_everybody_can_be_forgotten(memory: CredentialCache) -> None:
    keep(memory, b"a", "ana")
    keep(memory, b"b", "ben")
    memory.forget(None)

    assert len(memory) == 0
    assert memory.recall(b"a", NOON) is None


def test_what_was_kept_anew_for_another_is_not_forgotten_with_the_first(
    memory: CredentialCache,
) -> None:
    keep(memory, b"a", "ana")
    bens = keep(memory, b"a", "ben")
    memory.forget("ana")

    assert memory.recall(b"a", NOON) is bens


def test_who_is_not_remembered_can_be_forgotten(memory: CredentialCache) -> None:
    memory.forget("nobody")


@pytest.mark.parametrize("forgotten", ["ana", None])
def test_a_check_that_began_before_is_not_kept(
    memory: CredentialCache, forgotten: str | None
) -> None:
    token = memory.begin()
    memory.forget(forgotten)

    assert not memory.keep(token, b"a", remembered(), NOON)
    assert memory.recall(b"a", NOON) is None


def test_who_was_not_used_makes_room(memory: CredentialCache) -> None:
    for digest in (b"a", b"b", b"c", b"d"):
        keep(memory, digest)
    memory.recall(b"a", NOON)
    keep(memory, b"e")

    assert memory.recall(b"a", NOON) is not None
    assert memory.recall(b"b", NOON) is None
    assert len(memory) == 4


def test_where_all_were_used_the_oldest_makes_room() -> None:
    memory = CredentialCache(SECOND_CHANCES * 4)
    memory.trust_until(FOREVER)
    digests = [bytes((number,)) for number in range(SECOND_CHANCES * 4)]
    for digest in digests:
        keep(memory, digest)
        memory.recall(digest, NOON)
    keep(memory, b"new")

    gone = [digest for digest in digests if memory.recall(digest, NOON) is None]
    assert gone == [digests[SECOND_CHANCES]]


def test_a_credential_may_be_used_anywhere_or_in_its_networks() -> None:
    anywhere = remembered()
    somewhere = replace(anywhere, allowed_networks=(parse_network("192.0.2.0/24"),))

    assert anywhere.admits(None)
    assert somewhere.admits("::ffff:192.0.2.1")
    assert not somewhere.admits("198.51.100.1")


def test_forgetting_one_takes_as_long_with_a_hundred_thousand_others() -> None:
    full, small = CredentialCache(), CredentialCache()
    for number in range(100_000):
        keep(full, number.to_bytes(32), str(number))
    keep(small, b"a", "0")

    def seconds(memory: CredentialCache) -> float:
        started = perf_counter()
        memory.forget("0")
        return perf_counter() - started

    assert seconds(full) < seconds(small) + 0.005


def test_a_full_memory_takes_what_was_stated() -> None:
    entries = ENTRIES_MAX // 128
    tracemalloc.start()
    try:
        memory = CredentialCache(entries)
        for number in range(entries * 8):
            name = f"{number:026}"
            scopes = frozenset(Scope) | frozenset()  # a set of its own
            caller = Caller(f"key:{name}", scopes, name[1:], name[:-1])
            what = CachedCaller(caller, name[1:], NOON + number)
            memory.keep(memory.begin(), number.to_bytes(32), what, NOON)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(memory) == entries
    assert held < 256 * ONE_MIB / 128


digests = st.sampled_from((b"1", b"2", b"3", b"4", b"5"))
accounts = st.sampled_from("abc")


class AgainstANaiveMemory(RuleBasedStateMachine):
    """Large enough, it recalls just what a list of everything kept would."""

    tokens = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.epoch = 0
        self.trusted_until = 0.0
        self.kept: dict[bytes, CachedCaller] = {}
        self.ends: dict[bytes, float] = {}
        self.memory = CredentialCache(10_000)
        self.small = CredentialCache(3)

    @rule(target=tokens)
    def begin(self) -> tuple[int, int, int]:
        return self.epoch, self.memory.begin(), self.small.begin()

    @rule(digest=digests, account_id=accounts)
    def verify(self, digest: bytes, account_id: str) -> None:
        self.keep(self.begin(), digest, account_id, FOREVER)

    @rule(
        token=tokens,
        digest=digests,
        account_id=accounts,
        seconds=st.sampled_from((1.0, 100.0, FOREVER)),
    )
    def keep(
        self, token: tuple[int, int, int], digest: bytes, account_id: str, seconds: float
    ) -> None:
        epoch, ours, small = token
        what = remembered(account_id, self.now + seconds)
        is_current = epoch == self.epoch
        if is_current:
            self.kept[digest] = what
            self.ends[digest] = self.now + min(seconds, REMEMBER_SECONDS)

        assert self.memory.keep(ours, digest, what, self.now) is is_current
        assert self.small.keep(small, digest, replace(what), self.now) is is_current

    @rule(digest=digests)
    def recall(self, digest: bytes) -> None:
        expected = self.kept.get(digest)
        if self.now >= min(self.ends.get(digest, 0), self.trusted_until):
            expected = None
        small = self.small.recall(digest, self.now)

        assert self.memory.recall(digest, self.now) is expected
        assert small is None or (expected is not None and small.caller is expected.caller)

    @rule(account_id=st.none() | accounts)
    def forget(self, account_id: str | None) -> None:
        self.epoch += 1
        for digest, what in list(self.kept.items()):
            if account_id in (None, what.account_id):
                del self.kept[digest]
        self.memory.forget(account_id)
        self.small.forget(account_id)

    @rule(seconds=st.sampled_from((0.0, 0.5, 60.0)))
    def trust(self, seconds: float) -> None:
        self.trusted_until = self.now + seconds
        self.memory.trust_until(self.trusted_until)
        self.small.trust_until(self.trusted_until)

    @rule(seconds=st.sampled_from((0.25, 1.0, 99.0)))
    def pass_time(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def it_is_as_large_as_it_may_be(self) -> None:
        assert len(self.memory) == len(self.kept)
        assert len(self.small) <= 3


TestAgainstANaiveMemory = AgainstANaiveMemory.TestCase
