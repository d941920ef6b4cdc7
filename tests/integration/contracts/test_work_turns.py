"""`UnitOfWorkPort`: all of a change or nothing, one after the other."""

import asyncio
from dataclasses import replace

import pytest

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import EmailTaken
from plg.domain.identity.accounts import Account
from tests.integration.contracts.works import ANA, BEN, undone


async def ana(work: UnitOfWorkPort) -> Account | None:
    async with work.look() as ports:
        return await ports.accounts.get(ANA.id)


async def test_what_was_changed_is_seen_by_the_next_look(work: UnitOfWorkPort) -> None:
    renamed = replace(ANA, name="Ana")
    async with work.change() as ports:
        await ports.accounts.replace(renamed)

    assert await ana(work) == renamed


async def test_a_block_that_raises_leaves_nothing(work: UnitOfWorkPort) -> None:
    await undone(work, lambda ports: ports.accounts.replace(replace(ANA, name="Ana")))

    assert await ana(work) == ANA


async def test_a_failure_of_the_block_comes_out_as_it_is(work: UnitOfWorkPort) -> None:
    with pytest.raises(TimeoutError, match="of something else"):
        async with work.change():
            raise TimeoutError("of something else")


async def test_a_change_sees_itself(work: UnitOfWorkPort) -> None:
    renamed = replace(ANA, name="Ana")
    async with work.change() as ports:
        await ports.accounts.replace(renamed)

        assert await ports.accounts.get(ANA.id) == renamed


async def test_a_look_neither_waits_for_a_change_under_way_nor_sees_it(
    work: UnitOfWorkPort,
) -> None:
    async with work.change() as ports:
        await ports.accounts.replace(replace(ANA, name="Ana"))

        assert await ana(work) == ANA


async def test_a_change_after_a_refusal_goes_on(work: UnitOfWorkPort) -> None:
    renamed = replace(BEN, name="Ben")
    async with work.change() as ports:
        with pytest.raises(EmailTaken):
            await ports.accounts.add(replace(ANA, id="01OTHER"))
        await ports.accounts.replace(renamed)

    async with work.look() as ports:
        assert await ports.accounts.get(BEN.id) == renamed


async def test_changes_of_two_processes_take_turns(
    works: tuple[UnitOfWorkPort, UnitOfWorkPort],
) -> None:
    async def lengthen(work: UnitOfWorkPort) -> None:
        async with work.change() as ports:
            account = await ports.accounts.get(ANA.id)
            assert account is not None
            await asyncio.sleep(0)
            await ports.accounts.replace(replace(account, name=f"{account.name}!"))

    await asyncio.gather(*(lengthen(work) for work in works * 10))

    assert await ana(works[0]) == replace(ANA, name=f"{ANA.name}{'!' * 20}")


async def test_a_look_only_reads(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        with pytest.raises(RuntimeError, match="only reads"):
            await ports.accounts.replace(replace(ANA, name="Ana"))
        with pytest.raises(RuntimeError, match="only reads"):
            await ports.attempts.clear("anybody")


async def test_one_who_is_cancelled_changes_nothing_and_holds_nobody_up(
    work: UnitOfWorkPort,
) -> None:
    is_inside = asyncio.Event()

    async def stay() -> None:
        async with work.change() as ports:
            await ports.accounts.replace(replace(ANA, name="Ana"))
            is_inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stay())
    await is_inside.wait()
    task.cancel()
    await asyncio.wait([task])
    async with work.change() as ports:
        await ports.accounts.replace(replace(BEN, name="Ben"))

    assert await ana(work) == ANA


async def test_one_who_is_cancelled_while_waiting_holds_nobody_up(work: UnitOfWorkPort) -> None:
    async def rename() -> None:
        async with work.change() as ports:
            await ports.accounts.replace(replace(ANA, name="Ana"))

    async with work.change():
        task = asyncio.create_task(rename())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    async with work.change():
        pass

    assert await ana(work) == ANA
