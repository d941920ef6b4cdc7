"""When and where keys were last used."""

import asyncio

import pytest

from plg.application.identity.key_uses import WRITE_STEP, KeyUses
from plg.domain.errors import StorageUnavailable
from plg.domain.identity.access import DATA_SCOPES, Caller
from tests.fakes.clock import NOON
from tests.unit.access.waiting import until
from tests.unit.keys.world import World

MINUTE = NOON // 60 * 60
HERE, THERE = "192.0.2.1", "2001:db8::1"


def caller_of(key_id: str | None) -> Caller:
    return Caller(f"key:{key_id}", DATA_SCOPES, key_id=key_id)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def uses(world: World) -> KeyUses:
    return KeyUses(world.work, waiting_max=3)


async def last_use(world: World, key_id: str) -> tuple[float | None, str | None]:
    key = world.key(key_id)
    return key.last_used_at, key.last_used_address


async def test_a_use_is_written_to_the_minute(world: World, uses: KeyUses) -> None:
    key = (await world.issued()).key
    uses.note(caller_of(key.id), MINUTE + 59.9, HERE)
    await uses.write()

    assert await last_use(world, key.id) == (MINUTE, HERE)


async def test_nothing_is_written_before_its_time(world: World, uses: KeyUses) -> None:
    key = (await world.issued()).key
    uses.note(caller_of(key.id), MINUTE, HERE)

    assert await last_use(world, key.id) == (None, None)
    assert len(uses) == 1


async def test_the_latest_minute_counts(world: World, uses: KeyUses) -> None:
    key = (await world.issued()).key
    for seconds, address in ((0, HERE), (59, HERE), (60, THERE), (61, HERE)):
        uses.note(caller_of(key.id), MINUTE + seconds, address)
    await uses.write()

    assert await last_use(world, key.id) == (MINUTE + 60, THERE)


async def test_a_minute_that_was_written_is_not_written_again(world: World, uses: KeyUses) -> None:
    key = (await world.issued()).key
    uses.note(caller_of(key.id), MINUTE, HERE)
    await uses.write()
    uses.note(caller_of(key.id), MINUTE + 30, HERE)

    assert len(uses) == 0


async def test_without_uses_nothing_is_written(world: World, uses: KeyUses) -> None:
    await uses.write()

    assert world.work.commits == 0


async def test_a_clock_that_goes_back_takes_nothing_back(world: World, uses: KeyUses) -> None:
    key = (await world.issued()).key
    uses.note(caller_of(key.id), MINUTE + 600, HERE)
    uses.note(caller_of(key.id), MINUTE, THERE)
    await uses.write()
    uses.note(caller_of(key.id), MINUTE + 60, THERE)
    await uses.write()

    assert await last_use(world, key.id) == (MINUTE + 600, HERE)


def test_what_is_no_key_is_not_noted(uses: KeyUses) -> None:
    uses.note(caller_of(None), MINUTE, HERE)

    assert len(uses) == 0


async def test_a_database_that_is_down_gets_the_newest_later(world: World, uses: KeyUses) -> None:
    one, two = (await world.issued()).key, (await world.issued()).key
    uses.note(caller_of(one.id), MINUTE, HERE)
    uses.note(caller_of(two.id), MINUTE, HERE)
    world.work.is_down = True
    with pytest.raises(StorageUnavailable):
        await uses.write()
    world.work.is_down = False
    uses.note(caller_of(one.id), MINUTE + 60, THERE)
    await uses.write()

    assert await last_use(world, one.id) == (MINUTE + 60, THERE)
    assert await last_use(world, two.id) == (MINUTE, HERE)


def test_past_what_may_wait_the_oldest_goes(uses: KeyUses) -> None:
    for minute, name in enumerate("abcd"):
        uses.note(caller_of(name), MINUTE + 60 * minute, HERE)

    assert len(uses) == 3


def test_many_keys_in_one_minute_stay_bounded(uses: KeyUses) -> None:
    for number in range(10):
        uses.note(caller_of(str(number)), MINUTE, HERE)

    assert len(uses) == 3


async def test_past_what_may_wait_a_minute_is_noted_anew(uses: KeyUses) -> None:
    for name in "abc":
        uses.note(caller_of(name), MINUTE, HERE)
    await uses.write()
    for name in "da":
        uses.note(caller_of(name), MINUTE, HERE)

    assert len(uses) == 2


async def test_a_use_noted_while_writing_fails_is_not_lost(world: World) -> None:
    uses = KeyUses(world.work)
    key = (await world.issued()).key
    for number in range(WRITE_STEP):
        uses.note(caller_of(f"nothing-{number}"), MINUTE, HERE)
    uses.note(caller_of(key.id), MINUTE, HERE)
    writing = asyncio.ensure_future(uses.write())
    await until(lambda: world.work.commits == 2)  # the issue of the key was the first
    uses.note(caller_of(key.id), MINUTE + 60, THERE)
    world.work.is_down = True
    with pytest.raises(StorageUnavailable):
        await writing
    assert len(uses) == 1
    world.work.is_down = False
    await uses.write()

    assert await last_use(world, key.id) == (MINUTE + 60, THERE)


async def test_when_writing_is_cancelled_what_is_left_goes_on_waiting(world: World) -> None:
    uses = KeyUses(world.work)
    for number in range(WRITE_STEP * 2):
        uses.note(caller_of(f"nothing-{number}"), MINUTE, HERE)
    writing = asyncio.ensure_future(uses.write())
    await until(lambda: world.work.commits == 1)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing

    assert len(uses) >= WRITE_STEP
