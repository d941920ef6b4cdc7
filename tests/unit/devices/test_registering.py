"""Devices get secrets."""

import asyncio
from base64 import urlsafe_b64decode
from dataclasses import replace

import pytest

from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import Action
from plg.domain.devices.devices import DEVICES_MAX
from plg.domain.errors import (
    DeviceTaken,
    InvalidCredential,
    InvalidParameter,
    StorageUnavailable,
    TooManyHeld,
)
from plg.domain.identity.access import DATA_SCOPES, Scope
from tests.fakes.clock import NOON
from tests.unit.devices.world import ACTOR, ANA, ANYBODY, BEA, READ, TILL, World


async def test_a_new_device_gets_a_secret_of_its_own(world: World) -> None:
    first = await world.registered(name=" Till 1 ", platform="android")
    second = await world.registered("till-0002")

    assert len(urlsafe_b64decode(first.secret + "=")) == 32
    assert first.secret != second.secret
    assert (first.device.name, first.device.platform) == ("Till 1", "android")
    assert first.device.created_at == NOON
    assert await world.device() == first.device


async def test_the_secret_is_kept_sealed_for_its_device(world: World) -> None:
    made = await world.registered()

    assert made.secret not in made.device.sealed_secret
    assert world.seal.open(made.device.sealed_secret, f"device:{TILL}") == made.secret.encode()
    assert made.secret not in repr(made)


async def test_a_device_reads_data_and_no_more_than_its_maker(world: World) -> None:
    ordinary = await world.registered()
    bounded = await world.registered("till-0002", maker=READ | {Scope.DEVICES_REGISTER})

    assert ordinary.device.scopes == DATA_SCOPES
    assert bounded.device.scopes == READ


async def test_registering_is_written_down(world: World) -> None:
    await world.registered()

    record = world.work.audit_records[-1]
    assert (record.action, record.actor) == (Action.DEVICE_REGISTERED, ACTOR)
    assert (record.target, record.details) == (f"device:{TILL}", {})


@pytest.mark.parametrize(
    ("device_id", "name", "platform"), [("no", None, None), (TILL, "\n", None), (TILL, None, "")]
)
async def test_a_wish_that_cannot_be_is_refused(
    world: World, device_id: str, name: str | None, platform: str | None
) -> None:
    with pytest.raises(InvalidParameter):
        await world.registered(device_id, name=name, platform=platform)


async def test_an_id_of_another_account_is_taken_whatever_is_proved(world: World) -> None:
    made = await world.registered()

    with pytest.raises(DeviceTaken, match="Another account"):
        await world.registered(account=BEA)
    with pytest.raises(DeviceTaken, match="Another account"):
        await world.registered(account=BEA, proof=world.proof(made.secret))
    assert await world.device() == made.device


async def test_an_id_of_the_account_needs_a_proof(world: World) -> None:
    made = await world.registered()

    with pytest.raises(DeviceTaken, match="proof"):
        await world.registered()
    with pytest.raises(DeviceTaken, match="proof"):
        await world.registered(proof=world.proof("guessed"))
    with pytest.raises(DeviceTaken, match="proof"):
        await world.registered(proof=world.proof(made.secret, off=-301))
    assert await world.device() == made.device


async def test_a_proof_brings_a_new_secret_and_the_old_one_counts_no_more(world: World) -> None:
    old = await world.registered(name="Till", platform="android")
    world.clock.advance(60)
    new = await world.registered(proof=world.proof(old.secret), name="Till 2", maker=READ)

    assert new.secret != old.secret
    assert (new.device.name, new.device.platform) == ("Till 2", "android")
    assert new.device.created_at == NOON
    assert new.device.scopes == READ
    with pytest.raises(InvalidCredential):
        await world.get_token(TILL, world.proof(old.secret, nonce="n" * 16), ANYBODY)
    await world.get_token(TILL, world.proof(new.secret, nonce="n" * 16), ANYBODY)


async def test_registering_anew_ends_the_devices_sessions_alone(world: World) -> None:
    old = await world.registered()
    other = await world.registered("till-0002")
    await world.get_token(TILL, world.proof(old.secret), ANYBODY)
    await world.get_token("till-0002", world.proof(other.secret, "till-0002"), ANYBODY)

    await world.registered(proof=world.proof(old.secret, nonce="n" * 16))

    ended = {each.device_id: each.ended_at for each in world.work.tables.sessions.values()}
    assert ended == {TILL: NOON, "till-0002": None}
    assert world.work.changes == [AccessChange(ANA.id)]
    assert world.remembered.forgotten[-1] == ANA.id
    assert world.work.audit_records[-1].details == {"anew": "yes"}


async def test_a_proof_counts_once(world: World) -> None:
    first = await world.registered()
    proof = world.proof(first.secret)
    await world.get_token(TILL, proof, ANYBODY)

    with pytest.raises(DeviceTaken):
        await world.registered(proof=proof)


async def test_of_two_who_register_anew_at_once_one_gets_a_secret(world: World) -> None:
    first = await world.registered()
    asking = [
        world.registered(proof=world.proof(first.secret, nonce=f"{n}" * 16)) for n in range(8)
    ]

    answers = await asyncio.gather(*asking, return_exceptions=True)

    assert sum(isinstance(answer, DeviceTaken) for answer in answers) == 7


async def test_a_revoked_device_comes_back_with_a_proof(world: World) -> None:
    made = await world.registered()
    await world.revoke(ANA.id, TILL, ACTOR)

    with pytest.raises(DeviceTaken):
        await world.registered()
    again = await world.registered(proof=world.proof(made.secret))

    assert again.device.revoked_at is None


async def test_an_account_has_a_bounded_number_of_devices(world: World) -> None:
    made = await world.registered()
    await _fill(world, DEVICES_MAX - 1)

    with pytest.raises(TooManyHeld, match="10000"):
        await world.registered("one-more")

    await world.registered(proof=world.proof(made.secret))
    await world.registered("one-more", account=BEA)


async def test_a_revoked_device_comes_back_only_where_there_is_room(world: World) -> None:
    made = await world.registered()
    await world.revoke(ANA.id, TILL, ACTOR)
    await _fill(world, DEVICES_MAX)

    with pytest.raises(TooManyHeld):
        await world.registered(proof=world.proof(made.secret))
    await world.revoke(ANA.id, "filler-00000", ACTOR)
    await world.registered(proof=world.proof(made.secret))


async def test_an_account_that_was_deactivated_registers_nothing(world: World) -> None:
    await world.deactivate()

    with pytest.raises(InvalidCredential):
        await world.registered()
    with pytest.raises(InvalidCredential):
        await world.registered(account=replace(ANA, id="nobody"))


async def test_without_its_database_nothing_is_registered(world: World) -> None:
    world.work.is_down = True

    with pytest.raises(StorageUnavailable):
        await world.registered()
    assert world.remembered.forgotten == []


async def _fill(world: World, count: int) -> None:
    made = (await world.registered("filler-00000")).device
    async with world.work.change() as work:
        for number in range(1, count):
            await work.devices.add(replace(made, id=f"filler-{number:05}"))
