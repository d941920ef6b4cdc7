"""argon2id keeps passwords, in few threads, with few that wait."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import HashingError

from plg.adapters.crypto.passwords import Argon2Hasher
from plg.domain.errors import Busy

PASSWORD = "a password of some length"


class HeldHasher(Argon2Hasher):
    """Its threads wait for `go` before they hash."""

    def __init__(self, threads: int = 1, waiting_max: int = 1) -> None:
        super().__init__(threads, waiting_max)
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)

    def _matches(self, password_hash: str | None, password: str) -> bool:
        self.begun.release()
        self.go.wait(10)
        return super()._matches(password_hash, password)


@pytest.fixture
def hasher() -> Iterator[Argon2Hasher]:
    made = Argon2Hasher()
    yield made
    made.close()


@pytest.fixture
def held() -> Iterator[HeldHasher]:
    made = HeldHasher()
    yield made
    made.go.set()
    made.close()


async def begun(held: HeldHasher) -> None:
    assert await asyncio.to_thread(held.begun.acquire, True, 10)


async def test_the_hash_is_argon2id_with_the_stated_parameters(hasher: Argon2Hasher) -> None:
    made = await hasher.hash(PASSWORD)

    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in made


async def test_two_hashes_of_one_password_differ(hasher: Argon2Hasher) -> None:
    assert await hasher.hash(PASSWORD) != await hasher.hash(PASSWORD)


async def test_what_stands_for_nobodys_hash_costs_as_much_as_any(hasher: Argon2Hasher) -> None:
    nobodys = hasher._nobodys_hash  # noqa: SLF001  # that it is as costly cannot be told outside

    assert extract_parameters(nobodys) == extract_parameters(await hasher.hash(PASSWORD))
    assert not await hasher.verify(nobodys, PASSWORD)


async def test_a_hash_with_other_parameters_is_verified_and_outdated(hasher: Argon2Hasher) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

    assert await hasher.verify(weak, PASSWORD)
    assert hasher.is_outdated(weak)


async def test_what_is_no_hash_verifies_nothing_and_is_outdated(hasher: Argon2Hasher) -> None:
    assert not await hasher.verify("no hash", PASSWORD)
    assert hasher.is_outdated("no hash")


async def test_letters_that_no_encoding_has_are_no_failure(hasher: Argon2Hasher) -> None:
    assert await hasher.verify(await hasher.hash("\ud800"), "\ud800")


async def test_more_than_may_wait_are_refused_at_once(held: HeldHasher) -> None:
    waiting = [asyncio.create_task(held.verify(None, PASSWORD)) for _ in range(2)]
    await begun(held)

    with pytest.raises(Busy):
        await held.verify(None, PASSWORD)

    held.go.set()
    assert await asyncio.gather(*waiting) == [False, False]
    assert not await held.verify(None, PASSWORD)


async def test_who_goes_away_keeps_the_place_until_the_thread_is_done(held: HeldHasher) -> None:
    gone = asyncio.create_task(held.verify(None, PASSWORD))
    waiting = asyncio.create_task(held.verify(None, PASSWORD))
    await begun(held)
    gone.cancel()
    await asyncio.wait([gone])

    with pytest.raises(Busy):
        await held.verify(None, PASSWORD)

    held.go.set()
    assert not await waiting


async def test_who_goes_away_before_a_thread_took_it_leaves_the_place(held: HeldHasher) -> None:
    running = asyncio.create_task(held.verify(None, PASSWORD))
    gone = asyncio.create_task(held.verify(None, PASSWORD))
    await begun(held)
    gone.cancel()
    await asyncio.wait([gone])

    waiting = asyncio.create_task(held.verify(None, PASSWORD))
    held.go.set()

    assert not await running
    assert not await waiting


async def test_the_event_loop_goes_on_meanwhile(held: HeldHasher) -> None:
    waiting = asyncio.create_task(held.verify(None, PASSWORD))
    await begun(held)

    assert not waiting.done()

    held.go.set()
    assert not await waiting


async def test_a_closed_hasher_says_so(hasher: Argon2Hasher) -> None:
    hasher.close()

    for _ in range(100):
        with pytest.raises(Busy):
            await hasher.hash(PASSWORD)


async def test_want_of_memory_is_no_wrong_password() -> None:
    class Exhausted(Argon2Hasher):
        """Has no memory left."""

        def _matches(self, _password_hash: str | None, _password: str) -> bool:
            raise HashingError("Memory allocation error")

    hasher = Exhausted()

    with pytest.raises(Busy):
        await hasher.verify(None, PASSWORD)
    hasher.close()
