"""From a credential to a caller."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from plg.application.identity.credential_cache import CredentialCache
from plg.application.identity.device_secrets import DeviceSecrets
from plg.application.identity.identify import SERVICE, IdentifyCaller, Verifiers
from plg.application.identity.key_uses import KeyUses
from plg.application.identity.verify_key import VerifyKey
from plg.application.identity.verify_signature import VerifySignature
from plg.domain.devices.signatures import SignedMessage
from plg.domain.errors import ForbiddenNetwork, InvalidCredential, StorageUnavailable
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.identity.networks import parse_network
from tests.fakes.clock import NOON
from tests.fakes.sealing import OpenSeal
from tests.unit.access.session_world import ANA, SessionWorld
from tests.unit.keys.world import ACTOR
from tests.unit.keys.world import World as KeyWorld

KEY = "the-operator's-own"
HERE, THERE = "192.0.2.1", "203.0.113.1"
OFFICE = parse_network("192.0.2.0/24")


class World:
    """Ana has keys and sessions; `identify` is the one process that knows her."""

    def __init__(self, service_key: str | None = KEY) -> None:
        self.sessions = SessionWorld()
        self.work, self.clock = self.sessions.work, self.sessions.clock
        self.keys = KeyWorld(self.work, self.clock, self.sessions.keyring)
        self.work.tables.accounts.clear()
        self.memory = CredentialCache()
        self.memory.trust_until(NOON + 1e6)
        self.uses = KeyUses(self.work)
        self.verifiers = Verifiers(
            self.keys.verify,
            self.sessions.verify,
            VerifySignature(
                self.work,
                DeviceSecrets(OpenSeal()),
                self.clock,
                "gateway.test",
                self.keys.tariff_of,
            ),
        )
        self.service_key = service_key
        self.identify = self.made_with(self.verifiers)

    def made_with(self, verifiers: Verifiers) -> IdentifyCaller:
        return IdentifyCaller(
            b"pepper", self.service_key, verifiers, self.memory, self.uses, self.clock
        )

    async def key(self, change: KeyChange | None = None) -> bytes:
        await self.sessions.add()
        caller = replace(ANAS_LOG_IN, account_id=ANA.id)
        issued = await self.keys.issue(change or KeyChange(name="ci"), caller, ACTOR)
        return issued.secret.text

    async def access_token(self) -> bytes:
        await self.sessions.add()
        return (await self.sessions.log_in()).access_token.encode()


ANAS_LOG_IN = replace(SERVICE, id=f"account:{ANA.id}", scopes=ANA.role.scopes)
Credential = Callable[[World], Awaitable[bytes]]
EITHER = pytest.mark.parametrize("credential", [World.key, World.access_token])


@pytest.fixture
def world() -> World:
    return World()


async def test_the_service_key_is_the_service(world: World) -> None:
    assert await world.identify(KEY.encode(), HERE) == SERVICE
    assert not SERVICE.is_limited


@pytest.mark.parametrize(
    "credential",
    [
        b"", b"wrong", KEY.encode() + b" ", KEY.upper().encode(), b"plg_live_" + b"0" * 46,
        b"plg_rt_x", b"eyJ.e30.", b"\xff\xfe",
    ],
)  # fmt: skip
async def test_anything_else_proves_nothing(world: World, credential: bytes) -> None:
    with pytest.raises(InvalidCredential):
        await world.identify(credential, HERE)
    assert world.identify.recall(world.identify.digest(credential), HERE, NOON) is None


@pytest.mark.parametrize("credential", [b"", b"None", KEY.encode()])
async def test_without_a_service_key_nothing_is_the_service(credential: bytes) -> None:
    with pytest.raises(InvalidCredential):
        await World(None).identify(credential, HERE)


def test_the_service_key_is_recognised_at_once(world: World) -> None:
    assert world.identify.recall(world.identify.digest(KEY.encode()), HERE, NOON) == SERVICE


def test_the_key_itself_is_not_kept(world: World) -> None:
    kept = vars(world.identify).values()

    assert not any(KEY.encode() in value for value in kept if isinstance(value, bytes))
    assert KEY not in kept


@EITHER
async def test_a_credential_is_not_recognised_before_it_was_verified(
    world: World, credential: Credential
) -> None:
    presented = await credential(world)

    assert world.identify.recall(world.identify.digest(presented), HERE, NOON) is None


@EITHER
async def test_a_verified_credential_needs_no_database(
    world: World, credential: Credential
) -> None:
    presented = await credential(world)
    caller = await world.identify(presented, HERE)
    world.work.is_down = True

    assert caller.account_id == ANA.id
    assert world.identify.recall(world.identify.digest(presented), HERE, NOON) == caller
    assert await world.identify(presented, HERE) == caller


@EITHER
async def test_what_was_forgotten_is_verified_again(world: World, credential: Credential) -> None:
    presented = await credential(world)
    await world.identify(presented, HERE)
    world.memory.forget(ANA.id)
    world.work.is_down = True

    assert world.identify.recall(world.identify.digest(presented), HERE, NOON) is None
    with pytest.raises(StorageUnavailable):
        await world.identify(presented, HERE)


async def test_a_remembered_token_ends_when_it_expires(world: World) -> None:
    presented = await world.access_token()
    await world.identify(presented, HERE)

    assert world.identify.recall(world.identify.digest(presented), HERE, NOON + 299)
    world.clock.advance(900)
    assert world.identify.recall(world.identify.digest(presented), HERE, world.clock.now()) is None
    with pytest.raises(InvalidCredential):
        await world.identify(presented, HERE)


async def test_a_remembered_key_is_bound_to_its_networks(world: World) -> None:
    presented = await world.key(KeyChange(name="ci", allowed_networks=(OFFICE,)))
    await world.identify(presented, HERE)

    assert world.identify.recall(world.identify.digest(presented), HERE, NOON)
    assert world.identify.recall(world.identify.digest(presented), THERE, NOON) is None
    with pytest.raises(ForbiddenNetwork):
        await world.identify(presented, THERE)


async def test_a_key_revoked_while_it_is_verified_is_not_remembered(world: World) -> None:
    presented = await world.key()

    class Overtaken(VerifyKey):
        async def __call__(self, credential: bytes | str, address: str | None):  # type: ignore[no-untyped-def]  # noqa: ANN204
            verified = await super().__call__(credential, address)
            world.memory.forget(ANA.id)
            return verified

    overtaken = Overtaken(world.work, world.keys.keyring, world.clock, world.keys.tariff_of)
    identify = world.made_with(replace(world.verifiers, key=overtaken))
    await identify(presented, HERE)

    assert identify.recall(identify.digest(presented), HERE, NOON) is None


async def test_each_use_of_a_key_is_noted(world: World) -> None:
    presented = await world.key()
    await world.identify(presented, HERE)
    await world.uses.write()
    world.clock.advance(120)
    world.identify.recall(world.identify.digest(presented), THERE, world.clock.now())
    await world.uses.write()

    (key,) = world.work.tables.api_keys.values()
    assert key.last_used_at == (NOON + 120) // 60 * 60
    assert key.last_used_address == THERE


async def test_a_signature_of_no_device_proves_nothing(world: World) -> None:
    with pytest.raises(InvalidCredential):
        await world.identify.by_signature(SignedMessage("GET", "/", "", {}))
