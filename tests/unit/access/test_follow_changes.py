"""What identity needs while nobody looks."""

from dataclasses import dataclass, field

import pytest

from plg.application.identity.credential_cache import CachedCaller, CredentialCache
from plg.application.identity.follow_changes import (
    POLL_SECONDS,
    TRUST_SECONDS,
    UPKEEP_SECONDS,
    FollowAccessChanges,
    access_jobs,
)
from plg.application.identity.key_uses import KeyUses
from plg.application.identity.prune_access import (
    CHANGES_KEPT_SECONDS,
    KEPT_SECONDS,
    STEP,
    PruneAccess,
)
from plg.application.ports.identity.access_changes import AccessChange, AccessChangeFeedPort
from plg.domain.errors import StorageUnavailable
from plg.domain.identity.access import DATA_SCOPES, Caller
from plg.domain.identity.lockouts import Failures
from tests.fakes.clock import NOON
from tests.unit.keys.world import World


@dataclass
class CountedLoading:
    """Counts how often the signing keys are read, and can fail."""

    count: int = 0
    is_down: bool = False

    async def __call__(self) -> None:
        self.count += 1
        if self.is_down:
            raise StorageUnavailable("the keys cannot be read")


@dataclass
class Process:
    """One of several on one database."""

    world: World
    changes: AccessChangeFeedPort = field(init=False)
    memory: CredentialCache = field(default_factory=CredentialCache)
    loading: CountedLoading = field(default_factory=CountedLoading)

    def __post_init__(self) -> None:
        self.changes = self.world.work.feed()

    @property
    def obey(self) -> FollowAccessChanges:
        return FollowAccessChanges(self.changes, self.memory, self.loading, self.world.clock)

    async def cannot_obey(self) -> None:
        with pytest.raises(StorageUnavailable):
            await self.obey()

    @property
    def now(self) -> float:
        return self.world.clock.now()

    def keep(self, digest: bytes, account_id: str) -> None:
        caller = Caller("key:k", DATA_SCOPES, account_id=account_id)
        what = CachedCaller(caller, account_id, float("inf"))
        assert self.memory.keep(self.memory.begin(), digest, what, self.now)

    def recalls(self, digest: bytes) -> bool:
        return self.memory.recall(digest, self.now) is not None

    async def told(self, change: AccessChange) -> None:
        async with self.world.work.change() as work:
            await work.access_changes.publish(change, self.now)


@pytest.fixture
async def process() -> Process:
    process = Process(World())
    await process.obey()
    process.loading.count = 0
    process.keep(b"a", "ana")
    process.keep(b"b", "ben")
    return process


async def test_nothing_is_remembered_from_before_the_first_look() -> None:
    process = Process(World())
    process.keep(b"a", "ana")
    await process.obey()

    assert not process.recalls(b"a")


async def test_a_change_of_an_account_makes_it_forgotten(process: Process) -> None:
    await process.told(AccessChange("ana"))
    await process.obey()

    assert (process.recalls(b"a"), process.recalls(b"b")) == (False, True)
    assert process.loading.count == 0


async def test_a_change_of_everybodys_makes_all_forgotten_and_keys_read(process: Process) -> None:
    await process.told(AccessChange(None))
    await process.obey()

    assert (process.recalls(b"a"), process.recalls(b"b"), process.loading.count) == (
        False,
        False,
        1,
    )


async def test_without_changes_all_is_remembered(process: Process) -> None:
    for _ in range(3):
        process.world.clock.advance(TRUST_SECONDS - 1)
        await process.obey()

    assert process.recalls(b"a")


async def test_a_process_that_cannot_read_goes_on_for_a_minute(process: Process) -> None:
    process.world.work.is_down = True
    process.world.clock.advance(TRUST_SECONDS - 1)
    await process.cannot_obey()

    assert process.recalls(b"a")
    process.world.clock.advance(1)
    assert not process.recalls(b"a")


async def test_a_process_that_could_not_read_begins_anew(process: Process) -> None:
    process.world.clock.advance(TRUST_SECONDS)
    await process.obey()

    assert not process.recalls(b"a")
    process.keep(b"a", "ana")
    assert process.recalls(b"a")
    assert process.loading.count == 1


async def test_until_signing_keys_are_read_nothing_is_remembered(process: Process) -> None:
    await process.told(AccessChange(None))
    process.loading.is_down = True
    await process.cannot_obey()
    process.keep(b"a", "ana")
    assert not process.recalls(b"a")

    process.loading.is_down = False
    await process.obey()
    process.keep(b"a", "ana")
    assert process.recalls(b"a")


@pytest.fixture
def prune(process: Process) -> PruneAccess:
    return PruneAccess(process.world.work, process.changes, process.world.clock)


async def test_what_is_old_is_removed_in_steps(process: Process, prune: PruneAccess) -> None:
    tables = process.world.work.tables
    for number in range(STEP + 1):
        tables.nonces["device", str(number)] = NOON - 1
    tables.nonces["device", "live"] = NOON + 1
    commits = process.world.work.commits
    await prune()

    assert list(process.world.work.tables.nonces) == [("device", "live")]
    assert process.world.work.commits == commits + 5


async def test_failures_and_changes_are_kept_for_as_long_as_they_matter(
    process: Process, prune: PruneAccess
) -> None:
    await process.told(AccessChange("ana"))
    process.world.work.tables.failures["ana"] = Failures(1, NOON)
    process.world.clock.advance(CHANGES_KEPT_SECONDS)
    await prune()
    assert process.world.work.changes == [AccessChange("ana")]
    process.world.clock.advance(1)
    await prune()
    assert process.world.work.changes == []
    assert list(process.world.work.tables.failures) == ["ana"]
    process.world.clock.advance(KEPT_SECONDS)
    await prune()
    assert process.world.work.tables.failures == {}


async def test_last_uses_are_written_every_minute_and_at_the_end(
    process: Process, prune: PruneAccess
) -> None:
    key_uses = KeyUses(process.world.work)
    follow, write, remove = access_jobs(process.obey, key_uses, prune)

    assert (follow.is_needed_at_start, follow.pause()) == (True, POLL_SECONDS)
    assert (write.work, write.is_done_at_end) == (key_uses.write, True)
    assert (write.pause(), remove.work, remove.pause()) == (UPKEEP_SECONDS, prune, UPKEEP_SECONDS)
