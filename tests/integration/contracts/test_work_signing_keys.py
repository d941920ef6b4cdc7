"""`SigningKeysPort`, kept by every durable database."""

import asyncio
from dataclasses import replace

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.signing_keys import SigningKey
from tests.fakes.clock import NOON

OLD = SigningKey("kid-z", '{"kty": "RSA"}', "sealed", NOON, NOON, NOON + 5)
NEW = SigningKey("kid-a", '{"kty": "RSA"}', "sealed too", NOON + 5)


async def held(work: UnitOfWorkPort) -> list[SigningKey]:
    async with work.look() as ports:
        return await ports.signing_keys.all()


async def add(work: UnitOfWorkPort, *keys: SigningKey) -> None:
    async with work.change() as ports:
        for key in keys:
            await ports.signing_keys.add(key)


async def test_there_are_none_at_first(work: UnitOfWorkPort) -> None:
    assert await held(work) == []


async def test_keys_come_the_oldest_first(work: UnitOfWorkPort) -> None:
    await add(work, NEW, OLD)

    assert await held(work) == [OLD, NEW]


async def test_all_of_a_key_is_replaced(work: UnitOfWorkPort) -> None:
    await add(work, OLD, NEW)
    other = replace(NEW, public="{}", sealed_private="s", active_at=1.0, retired_at=2.0)
    async with work.change() as ports:
        await ports.signing_keys.replace(other)
        await ports.signing_keys.replace(replace(other, id="none"))

    assert await held(work) == [OLD, other]


async def test_a_key_that_was_removed_is_gone(work: UnitOfWorkPort) -> None:
    await add(work, OLD, NEW)
    async with work.change() as ports:
        for key_id in (OLD.id, "none"):
            await ports.signing_keys.remove(key_id)

    assert await held(work) == [NEW]


async def test_of_two_processes_that_start_at_once_one_makes_the_first_key(
    works: tuple[UnitOfWorkPort, UnitOfWorkPort],
) -> None:
    async def start(work: UnitOfWorkPort, number: int) -> None:
        async with work.change() as ports:
            if not await ports.signing_keys.all():
                await ports.signing_keys.add(replace(OLD, id=f"kid-{number}"))

    await asyncio.gather(*(start(work, number) for number, work in enumerate(works * 3)))

    assert len(await held(works[0])) == 1
