"""Devices prove themselves: for tokens, and in every request that they sign."""

import asyncio
from dataclasses import replace

import pytest

from plg.domain.audit import Action
from plg.domain.errors import InvalidCredential, InvalidParameter, StorageUnavailable
from plg.domain.identity.access import DATA_SCOPES, Caller, Scope
from plg.domain.identity.accounts import USER_SCOPES
from tests.fakes.clock import NOON
from tests.unit.devices.ways import Prove
from tests.unit.devices.world import ANA, ANYBODY, READ, TILL, World


async def test_a_proof_gets_a_session_of_the_device(world: World) -> None:
    made = await world.registered(maker=READ)

    tokens = await world.get_token(TILL, world.proof(made.secret), ANYBODY)

    (session,) = world.work.tables.sessions.values()
    assert (session.account_id, session.device_id) == (ANA.id, TILL)
    assert tokens.scopes == READ
    assert tokens.access_token == f"A1 {session.id} players:read"


async def test_a_session_is_written_down_as_the_devices_doing(world: World) -> None:
    made = await world.registered()
    await world.get_token(TILL, world.proof(made.secret), ANYBODY)

    record = world.work.audit_records[-1]
    assert (record.action, record.target) == (Action.LOGGED_IN, f"device:{TILL}")
    assert record.actor == replace(ANYBODY, id=f"device:{TILL}", account_id=ANA.id)


async def test_a_signed_request_is_the_devices(world: World) -> None:
    made = await world.registered()

    caller = await world.verify(world.signed(made.secret))

    assert replace(caller, tariff=None) == Caller(
        f"device:{TILL}", DATA_SCOPES, account_id=ANA.id, device_id=TILL
    )
    assert caller.tariff is not None
    assert caller.tariff.plan_code == "basic"


async def test_a_signed_body_is_read_too(world: World) -> None:
    made = await world.registered()
    message = world.signed(made.secret, body=b"{}")

    with pytest.raises(InvalidCredential, match="Content-Digest"):
        await world.verify(replace(message, body=b"{ }"))
    assert (await world.verify(message)).device_id == TILL


async def test_a_device_may_no_more_than_its_account_now(world: World) -> None:
    made = await world.registered(maker=USER_SCOPES | {Scope.ADMIN})
    async with world.work.change() as work:
        await work.devices.replace(replace(made.device, scopes=DATA_SCOPES | {Scope.ADMIN}))

    caller = await world.verify(world.signed(made.secret))
    tokens = await world.get_token(TILL, world.proof(made.secret, nonce="n" * 16), ANYBODY)

    assert caller.scopes == tokens.scopes == DATA_SCOPES


async def test_of_many_copies_one_counts(world: World, prove: Prove) -> None:
    made = await world.registered()

    answers = await asyncio.gather(*(prove(made.secret) for _ in range(50)), return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, InvalidCredential)]
    assert len(refused) == 49
    assert {str(error).partition("nonce")[2] for error in refused} == {" was used already."}


async def test_a_nonce_of_another_device_is_fine(world: World, prove: Prove) -> None:
    first = await world.registered()
    second = await world.registered("till-0002")

    await prove(first.secret)
    await prove(second.secret, "till-0002")


async def test_wrong_proofs_are_refused_alike_and_spend_nothing(world: World, prove: Prove) -> None:
    made = await world.registered()
    texts = set()
    for secret, device_id in ((made.secret, "till-0002"), ("guessed", TILL), ("", TILL)):
        with pytest.raises(InvalidCredential) as caught:
            await prove(secret, device_id)
        texts.add(str(caught.value))

    assert texts == {"The device or its signature is not valid."}
    assert world.work.tables.nonces == {}
    await prove(made.secret)


async def test_an_unknown_device_takes_the_same_work(world: World, prove: Prove) -> None:
    await world.registered()
    world.seal.opened.clear()
    for device_id in (TILL, "till-0002"):
        with pytest.raises(InvalidCredential):
            await prove("guessed", device_id)

    assert world.seal.opened == [f"device:{TILL}", "device:"]


async def test_a_device_of_a_deactivated_account_proves_nothing(world: World, prove: Prove) -> None:
    made = await world.registered()
    await world.deactivate()

    with pytest.raises(InvalidCredential, match="not valid"):
        await prove(made.secret)
    assert world.work.tables.nonces == {}


async def test_what_is_wrong_is_refused_while_others_change(world: World, prove: Prove) -> None:
    await world.registered()
    commits = world.work.commits
    async with world.work.change():
        with pytest.raises(InvalidCredential):
            await asyncio.wait_for(prove("guessed"), 1)
    assert world.work.commits == commits + 1


async def test_a_device_that_is_revoked_meanwhile_is_refused(world: World, prove: Prove) -> None:
    made = await world.registered()
    async with world.work.change() as work:
        asking = asyncio.ensure_future(prove(made.secret))
        for _ in range(5):
            await asyncio.sleep(0)
        await work.devices.replace(replace(made.device, revoked_at=NOON))

    with pytest.raises(InvalidCredential, match="not valid"):
        await asking


async def test_without_its_database_nothing_is_proved(world: World, prove: Prove) -> None:
    made = await world.registered()
    world.work.is_down = True

    with pytest.raises(StorageUnavailable):
        await prove(made.secret)
    world.work.is_down = False
    await prove(made.secret)


@pytest.mark.parametrize(
    ("off", "is_fine"), [(-300, True), (300, True), (-301, False), (301, False)]
)
async def test_a_timestamp_may_be_300_seconds_off(world: World, off: int, is_fine: bool) -> None:
    made = await world.registered()
    proof = world.proof(made.secret, off=off)

    if is_fine:
        await world.get_token(TILL, proof, ANYBODY)
        return
    with pytest.raises(InvalidCredential, match="300 seconds off"):
        await world.get_token(TILL, proof, ANYBODY)
    assert world.work.tables.nonces == {}


async def test_a_signature_counts_until_it_expires(world: World) -> None:
    made = await world.registered()
    messages = [world.signed(made.secret, nonce=nonce * 16) for nonce in "ab"]
    world.clock.advance(60)
    await world.verify(messages[0])
    world.clock.advance(1)

    with pytest.raises(InvalidCredential, match="expired"):
        await world.verify(messages[1])


async def test_a_nonce_is_kept_until_its_proof_is_too_old(world: World) -> None:
    made = await world.registered()
    proof = world.proof(made.secret, off=300)
    await world.get_token(TILL, proof, ANYBODY)

    for seconds in (0, 600):
        world.clock.advance(seconds)
        async with world.work.change() as work:
            await work.devices.prune_nonces(world.clock.now(), limit=10)
        with pytest.raises(InvalidCredential, match="used already"):
            await world.get_token(TILL, proof, ANYBODY)
    world.clock.advance(1)
    with pytest.raises(InvalidCredential, match="300 seconds off"):
        await world.get_token(TILL, proof, ANYBODY)


async def test_what_cannot_be_a_device_id_is_told_so(world: World) -> None:
    with pytest.raises(InvalidParameter, match="device_id"):
        await world.get_token("no", world.proof("x"), ANYBODY)


async def test_a_device_is_seen_once_a_minute(world: World, prove: Prove) -> None:
    made = await world.registered()
    seen = []
    for number, seconds in enumerate((0, 10, 60)):
        world.clock.advance(seconds)
        await prove(made.secret, nonce=f"{number}" * 16)
        seen.append((await world.device()).last_seen_at)

    minute = NOON // 60 * 60
    assert seen == [minute, minute, minute + 60]


async def test_who_only_verifies_a_signature_spends_nothing(world: World) -> None:
    made = await world.registered()
    message = world.signed(made.secret)
    commits = world.work.commits
    for _ in range(3):
        await world.verify_signature(message)

    assert (world.work.tables.nonces, world.work.commits) == ({}, commits)
    assert (await world.verify(message)).device_id == TILL


async def test_what_came_before_is_refused_without_a_change(world: World) -> None:
    made = await world.registered()
    message = world.signed(made.secret)
    await world.verify(message)
    async with world.work.change():
        with pytest.raises(InvalidCredential, match="used already"):
            await asyncio.wait_for(world.verify_signature(message), 1)


async def test_a_device_that_was_revoked_before_its_nonce_is_spent_is_refused(
    world: World,
) -> None:
    made = await world.registered()
    signed = await world.verify_signature(world.signed(made.secret))
    await world.revoke(ANA.id, TILL, ANYBODY)

    with pytest.raises(InvalidCredential, match="not valid"):
        await world.verify_signature.spend(signed)
    assert world.work.tables.nonces == {}
