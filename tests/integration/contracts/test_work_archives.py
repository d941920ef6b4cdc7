"""`ArchivesPort`, kept by every durable database."""

import pytest

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import StorageUnavailable
from plg.domain.ledger.archives import KeptCheckpoint
from tests.fakes.archives import KEPT, kept
from tests.fakes.usage import ANA, BEN, asked, charge
from tests.integration.contracts.books import Booked
from tests.integration.contracts.works import undone


async def add(work: UnitOfWorkPort, *checkpoints: KeptCheckpoint) -> None:
    async with work.change() as ports:
        for each in checkpoints:
            await ports.archives.add(each)


async def left_over(work: UnitOfWorkPort, account_id: str = ANA) -> int | None:
    async with work.look() as ports:
        return await ports.archives.first_left_over(account_id)


async def remove(work: UnitOfWorkPort, first: int, last: int) -> int:
    async with work.change() as ports:
        return await ports.archives.remove(ANA, first, last)


async def test_a_checkpoint_comes_back_as_it_was(work: UnitOfWorkPort) -> None:
    await add(work, KEPT)

    async with work.look() as ports:
        assert await ports.archives.of(ANA) == [KEPT]
        assert await ports.archives.of(BEN) == []


async def test_checkpoints_come_in_their_order(work: UnitOfWorkPort) -> None:
    await add(work, kept(4, 5), kept(1, 3), kept(1, 9, BEN))

    async with work.look() as ports:
        assert [each.checkpoint.last for each in await ports.archives.of(ANA)] == [3, 5]
        assert await ports.archives.archived_to(ANA) == 5
        assert await ports.archives.archived_until(ANA) == 5
        assert await ports.archives.archived_to(BEN) == 9
        assert await ports.archives.archived_to("nobody") == 0
        assert await ports.archives.archived_until("nobody") == 0


async def test_archived_records_are_removed_and_no_others(booked: Booked) -> None:
    work = booked.work
    booked.write(*(charge(asked(number)) for number in range(1, 6)))
    booked.write(charge(asked(9, account=BEN)))
    assert await left_over(work) is None
    await add(work, kept(1, 3))
    assert await left_over(work) == 1

    assert (await remove(work, 1, 2), await left_over(work)) == (2, 3)
    assert (await remove(work, 1, 3), await left_over(work)) == (1, None)
    async with work.look() as ports:
        end = await ports.usage.end(ANA)
        assert end is not None
        assert end.last_sequence == 5
        assert await ports.usage.times(ANA, (4, 5))
        assert await ports.usage.times(BEN, (1,))


async def test_records_without_a_checkpoint_stay(booked: Booked) -> None:
    booked.write(*(charge(asked(number)) for number in range(1, 6)))
    await add(booked.work, kept(1, 3), kept(1, 9, BEN))

    with pytest.raises(StorageUnavailable):
        await remove(booked.work, 3, 4)
    assert await left_over(booked.work) == 1


async def test_what_was_undone_is_not_there(work: UnitOfWorkPort) -> None:
    await undone(work, lambda ports: ports.archives.add(KEPT))

    async with work.look() as ports:
        assert await ports.archives.archived_to(ANA) == 0
