"""Owners look after their devices."""

import pytest

from plg.application.devices.change_device import DeviceChange
from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.devices.devices import UNCHANGED, Unchanged
from plg.domain.errors import InvalidCredential, InvalidParameter, NotFound, StorageUnavailable
from tests.fakes.clock import NOON
from tests.unit.devices.world import ACTOR, ANA, ANYBODY, BEA, TILL, World


async def test_an_account_sees_its_own_devices_by_id(world: World) -> None:
    for device_id in ("till-0003", "till-0001", "till-0002"):
        await world.registered(device_id)
    await world.registered("till-0000", account=BEA)
    await world.revoke(ANA.id, "till-0002", ACTOR)

    first = await world.list(ANA.id, after=None, limit=2)
    rest = await world.list(ANA.id, after="till-0002", limit=2)

    assert [device.id for device in first] == ["till-0001", "till-0002"]
    assert [device.id for device in rest] == ["till-0003"]


@pytest.mark.parametrize("after", ["", "no", "till\x000001"])
async def test_a_page_begins_after_a_device(world: World, after: str) -> None:
    with pytest.raises(InvalidParameter, match="next_cursor"):
        await world.list(ANA.id, after=after, limit=2)


@pytest.mark.parametrize("device_id", [TILL, "till-0002", "no", "till\x000001"])
async def test_devices_of_others_are_not_there(world: World, device_id: str) -> None:
    await world.registered(account=BEA)

    with pytest.raises(NotFound):
        await world.find(ANA.id, device_id)
    with pytest.raises(NotFound):
        await world.change(ANA.id, device_id, DeviceChange.parse("Mine"), ACTOR)
    with pytest.raises(NotFound):
        await world.revoke(ANA.id, device_id, ACTOR)


async def test_a_device_is_shown_to_its_owner(world: World) -> None:
    made = await world.registered()

    assert await world.find(ANA.id, TILL) == made.device


@pytest.mark.parametrize(
    ("name", "platform", "expected"),
    [
        (" Till 2 ", UNCHANGED, ("Till 2", "android")),
        (UNCHANGED, "ios", ("Till", "ios")),
        (None, None, (None, None)),
    ],
)
async def test_a_device_is_called_as_its_owner_wants(
    world: World,
    name: str | Unchanged | None,
    platform: str | Unchanged | None,
    expected: tuple[str | None, str | None],
) -> None:
    made = await world.registered(name="Till", platform="android")

    changed = await world.change(ANA.id, TILL, DeviceChange.parse(name, platform), ACTOR)

    assert (changed.name, changed.platform) == expected
    assert changed.sealed_secret == made.device.sealed_secret
    assert await world.find(ANA.id, TILL) == changed
    record = world.work.audit_records[-1]
    assert (record.action, record.target) == (Action.DEVICE_CHANGED, f"device:{TILL}")


async def test_a_change_of_nothing_is_none(world: World) -> None:
    made = await world.registered(name="Till")

    assert await world.change(ANA.id, TILL, DeviceChange.parse("Till"), ACTOR) == made.device
    assert world.work.actions == [Action.DEVICE_REGISTERED]


@pytest.mark.parametrize(("name", "platform"), [("", None), ("ok", "x" * 51)])
async def test_a_label_that_cannot_be_is_refused(name: str, platform: str | None) -> None:
    with pytest.raises(InvalidParameter):
        DeviceChange.parse(name, platform)


async def test_a_revoked_device_proves_nothing_and_its_sessions_end(world: World) -> None:
    made = await world.registered()
    other = await world.registered("till-0002")
    await world.get_token(TILL, world.proof(made.secret), ANYBODY)
    await world.get_token("till-0002", world.proof(other.secret, "till-0002"), ANYBODY)

    await world.revoke(ANA.id, TILL, ACTOR)

    ended = {each.device_id: each.ended_at for each in world.work.tables.sessions.values()}
    assert ended == {TILL: NOON, "till-0002": None}
    assert world.work.changes == [AccessChange(ANA.id)]
    assert world.remembered.forgotten[-1] == ANA.id
    assert world.work.actions[-1] == Action.DEVICE_REVOKED
    with pytest.raises(InvalidCredential):
        await world.get_token(TILL, world.proof(made.secret, nonce="n" * 16), ANYBODY)
    with pytest.raises(InvalidCredential):
        await world.verify(world.signed(made.secret, nonce="n" * 16))


async def test_to_revoke_again_changes_nothing(world: World) -> None:
    await world.registered()
    await world.revoke(ANA.id, TILL, ACTOR)
    world.clock.advance(60)

    await world.revoke(ANA.id, TILL, ACTOR)

    assert (await world.find(ANA.id, TILL)).revoked_at == NOON
    assert world.work.actions.count(Action.DEVICE_REVOKED) == 1


async def test_without_its_database_nothing_is_revoked(world: World) -> None:
    await world.registered()
    world.remembered.forgotten.clear()
    world.work.is_down = True

    with pytest.raises(StorageUnavailable):
        await world.revoke(ANA.id, TILL, ACTOR)
    assert world.remembered.forgotten == []
