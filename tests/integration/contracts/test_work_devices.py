"""`DevicesPort`, kept by every durable database."""

import asyncio
from dataclasses import replace

import pytest

from plg.application.ports.devices.devices import DeviceWithAccount
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.devices.devices import Device
from plg.domain.errors import DeviceTaken
from plg.domain.identity.access import Scope
from plg.domain.identity.sealed_secrets import SealedUnderOldSecret
from tests.fakes.clock import NOON
from tests.integration.contracts.works import ANA, BEN, DEVICE, undone

TABLET = replace(DEVICE, id="tablet", name=None, platform=None)
OF_BEN = replace(DEVICE, id="a.phone:of_ben", account_id=BEN.id)
NONCE = "0123456789abcdef"


@pytest.fixture(autouse=True)
async def _devices(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        for device in (TABLET, DEVICE, OF_BEN):
            await ports.devices.add(device)


async def held(work: UnitOfWorkPort, device_id: str) -> Device | None:
    async with work.look() as ports:
        return await ports.devices.get(device_id)


async def spend(
    work: UnitOfWorkPort, nonce: str = NONCE, device: Device = DEVICE, expires_at: float = NOON
) -> bool:
    async with work.change() as ports:
        return await ports.devices.spend_nonce(device.id, nonce, expires_at)


async def test_a_device_comes_back_as_it_was(work: UnitOfWorkPort) -> None:
    assert [await held(work, each.id) for each in (DEVICE, TABLET)] == [DEVICE, TABLET]


@pytest.mark.parametrize("device_id", ["none", "TABLET"])
async def test_an_unknown_device_is_none(work: UnitOfWorkPort, device_id: str) -> None:
    assert await held(work, device_id) is None


async def test_a_change_gets_a_device_too(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        assert await ports.devices.get(DEVICE.id) == DEVICE


async def test_an_id_is_taken_once(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        with pytest.raises(DeviceTaken):
            await ports.devices.add(replace(DEVICE, account_id=BEN.id))

    assert await held(work, DEVICE.id) == DEVICE


async def test_the_standing_of_a_device_tells_its_account(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        assert await ports.devices.standing(OF_BEN.id) == DeviceWithAccount(OF_BEN, BEN)
        assert await ports.devices.standing("none") is None


async def test_all_of_a_device_is_replaced(work: UnitOfWorkPort) -> None:
    other = replace(
        DEVICE,
        name="Other",
        platform="ios",
        scopes=frozenset({Scope.ADMIN}),
        sealed_secret="sealed anew",
        last_seen_at=60.0,
        revoked_at=61.0,
    )
    async with work.change() as ports:
        await ports.devices.replace(other)
        await ports.devices.replace(replace(other, id="none"))

    assert (await held(work, DEVICE.id), await held(work, "none")) == (other, None)


async def test_pages_are_of_the_account_and_ascend_by_id(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        pages = [
            await ports.devices.page(ANA.id, after=None, limit=1),
            await ports.devices.page(ANA.id, after=DEVICE.id, limit=9),
            await ports.devices.page(BEN.id, after=None, limit=9),
        ]

    assert pages == [[DEVICE], [TABLET], [OF_BEN]]


async def test_revoked_devices_are_not_counted(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        before = await ports.devices.count(ANA.id)
        await ports.devices.replace(replace(TABLET, revoked_at=5.0))

        assert (before, await ports.devices.count(ANA.id)) == (2, 1)


async def test_a_nonce_is_spent_once(work: UnitOfWorkPort) -> None:
    assert [await spend(work), await spend(work)] == [True, False]


async def test_a_nonce_is_spent_once_within_one_change_too(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        spent = [await ports.devices.spend_nonce(DEVICE.id, NONCE, NOON) for _ in range(2)]
        other = await ports.devices.spend_nonce(DEVICE.id, f"{NONCE}-2", NOON)

    assert (spent, other) == ([True, False], True)


async def test_nonces_differ_in_the_case_of_letters(work: UnitOfWorkPort) -> None:
    assert [await spend(work), await spend(work, NONCE.upper())] == [True, True]


async def test_a_nonce_of_another_device_is_another(work: UnitOfWorkPort) -> None:
    assert [await spend(work), await spend(work, device=TABLET)] == [True, True]


async def test_of_a_race_for_a_nonce_one_wins(
    works: tuple[UnitOfWorkPort, UnitOfWorkPort],
) -> None:
    assert sum(await asyncio.gather(*(spend(work) for work in works * 25))) == 1


async def test_whether_a_nonce_was_spent_is_told_without_spending_it(
    work: UnitOfWorkPort,
) -> None:
    found = []
    for _ in range(2):
        async with work.look() as ports:
            asked = [(DEVICE.id, NONCE), (TABLET.id, NONCE), (DEVICE.id, NONCE.upper())]
            found.append([await ports.devices.is_spent(*each) for each in asked])
        await spend(work)

    assert found == [[False] * 3, [True, False, False]]


async def test_a_nonce_of_a_change_that_was_undone_is_not_spent(work: UnitOfWorkPort) -> None:
    await undone(work, lambda ports: ports.devices.spend_nonce(DEVICE.id, NONCE, NOON))

    assert await spend(work)


async def test_nonces_that_expired_are_forgotten_and_no_others(work: UnitOfWorkPort) -> None:
    for number in range(3):
        await spend(work, f"{NONCE}-{number}", expires_at=NOON + number)
    async with work.change() as ports:
        counts = [await ports.devices.prune_nonces(NOON + 2, limit=limit) for limit in (1, 9, 9)]

    again = [await spend(work, f"{NONCE}-{number}") for number in range(3)]
    assert (counts, again) == ([1, 1, 0], [True, True, False])


async def test_devices_sealed_otherwise_are_counted_with_their_last_use(
    work: UnitOfWorkPort,
) -> None:
    changed = (
        replace(DEVICE, sealed_secret="v1.old_.x", last_seen_at=NOON + 1),
        replace(TABLET, sealed_secret="v1.old.y", last_seen_at=NOON + 3),
        replace(OF_BEN, sealed_secret="v1.new.z", last_seen_at=NOON + 5),
    )
    async with work.change() as ports:
        for device in changed:
            await ports.devices.replace(device)
    async with work.look() as ports:
        found = [
            await ports.devices.left_behind(prefixes)
            for prefixes in (["v1.new."], ["v1.new.", "v1.old."], ["v1."])
        ]

    assert found == [
        SealedUnderOldSecret(2, NOON + 3),
        SealedUnderOldSecret(1, NOON + 1),
        SealedUnderOldSecret(0),
    ]


async def test_a_revoked_device_leaves_nothing_behind(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        for device in (DEVICE, TABLET, OF_BEN):
            await ports.devices.replace(replace(device, revoked_at=NOON))
    async with work.look() as ports:
        assert await ports.devices.left_behind(["v1.new."]) == SealedUnderOldSecret(0)
