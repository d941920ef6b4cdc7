"""From an API key to a caller."""

from dataclasses import replace

import pytest

from plg.application.identity import key_digests
from plg.application.identity.key_digests import PURPOSE, is_proved
from plg.application.identity.verify_key import VerifyKey
from plg.domain.errors import ForbiddenNetwork, InvalidCredential, StorageUnavailable
from plg.domain.identity.access import DATA_SCOPES, Scope
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.identity.api_key_format import new_secret, parse
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.networks import parse_network
from plg.domain.limits.rates import Rate, Rates
from tests.fakes.clock import NOON
from tests.fakes.work import MemoryWork
from tests.unit.keys.world import ACTOR, ANA, ANYWHERE, World

OFFICE = parse_network("192.0.2.0/24")
ROTATED = Keyring("a new secret", ("a secret of the operator",))


@pytest.fixture
def world() -> World:
    return World()


async def test_a_key_is_its_accounts(world: World) -> None:
    issued = await world.issued(KeyChange("ci", burst=Rate(5, 60)))
    verified = await world.verified(issued)

    assert (verified.caller.id, verified.account_id) == (f"key:{issued.key.id}", "ana")
    assert (verified.caller.account_id, verified.caller.key_id) == ("ana", issued.key.id)
    assert (verified.caller.scopes, verified.caller.rates) == (DATA_SCOPES, Rates(Rate(5, 60)))
    assert verified.caller.is_limited


async def test_a_key_is_good_as_text_too(world: World) -> None:
    issued = await world.issued()

    assert await world.verify(issued.secret.reveal(), None) == await world.verified(issued)


async def test_a_key_is_certain_until_it_expires(world: World) -> None:
    key = await world.issued(KeyChange("ci", expires_at=NOON + 9))
    forever = await world.issued(KeyChange("ci", expires_at=None))

    assert (await world.verified(key)).valid_until == NOON + 9
    assert (await world.verified(forever)).valid_until == float("inf")


async def test_what_is_no_key_by_its_form_is_not_looked_up(world: World) -> None:
    world.work.is_down = True
    with pytest.raises(InvalidCredential):
        await world.verify(b"plg_live_nothing", ANYWHERE)


async def test_an_unknown_key_proves_nothing(world: World) -> None:
    with pytest.raises(InvalidCredential):
        await world.verify(new_secret().text, ANYWHERE)


async def test_a_key_with_a_wrong_secret_proves_nothing(world: World) -> None:
    issued, forged = await world.issued(), new_secret()
    world.work.tables.secrets[forged.public] = world.work.tables.secrets[issued.secret.public]
    with pytest.raises(InvalidCredential) as caught:
        await world.verify(forged.text, ANYWHERE)

    assert "has no such key" in str(caught.value)


async def test_why_a_key_is_not_good_is_told_only_with_its_secret(world: World) -> None:
    issued, forged = await world.issued(), new_secret()
    await world.revoke(issued.key.id, None, ANA, ACTOR)
    world.work.tables.secrets[forged.public] = world.work.tables.secrets[issued.secret.public]
    with pytest.raises(InvalidCredential) as caught:
        await world.verify(forged.text, ANYWHERE)

    assert "revoked" not in str(caught.value)


async def test_a_key_of_a_deactivated_account_proves_nothing(world: World) -> None:
    issued = await world.issued()
    world.work.tables.accounts["ana"] = replace(world.work.tables.accounts["ana"], is_active=False)
    with pytest.raises(InvalidCredential, match="deactivated"):
        await world.verified(issued)


async def test_a_key_may_be_used_only_from_its_networks(world: World) -> None:
    issued = await world.issued(KeyChange("ci", allowed_networks=(OFFICE,)))

    assert (await world.verified(issued, "::ffff:192.0.2.7")).allowed_networks == (OFFICE,)
    for address in ("198.51.100.7", "2001:db8::7", None):
        with pytest.raises(ForbiddenNetwork):
            await world.verified(issued, address)


async def test_a_key_may_do_no_more_than_its_account_may_now(world: World) -> None:
    issued = await world.issued()
    scopes = frozenset({Scope.ADMIN, Scope.PLAYERS_READ})
    world.work.tables.api_keys[issued.key.id] = replace(issued.key, scopes=scopes)

    assert (await world.verified(issued)).caller.scopes == {Scope.PLAYERS_READ}


async def test_a_database_that_is_down_is_not_a_wrong_key(world: World) -> None:
    issued = await world.issued()
    world.work.is_down = True
    with pytest.raises(StorageUnavailable):
        await world.verified(issued)


async def test_a_key_from_before_the_secret_was_rotated_is_good(world: World) -> None:
    issued = await world.issued()
    before = await world.verified(issued)
    world.keyring = ROTATED

    assert await world.verified(issued) == before


async def test_its_use_brings_it_under_the_current_secret(world: World) -> None:
    issued = await world.issued()
    kept = world.work.tables.secrets[issued.secret.public]
    world.keyring = ROTATED
    await world.verified(issued)
    world.keyring = Keyring("a new secret")
    await world.verified(issued)

    assert world.work.tables.secrets[issued.secret.public] == replace(
        kept,
        pepper_id=world.keyring.pepper_id,
        digest=world.keyring.digest(PURPOSE, issued.secret.text),
    )


async def test_a_secret_in_its_grace_ends_when_it_did(world: World) -> None:
    issued = await world.issued()
    await world.regenerate(issued.key.id, ANA, ACTOR, grace_seconds=10)
    world.keyring = ROTATED

    assert (await world.verified(issued)).valid_until == NOON + 10
    assert world.work.tables.secrets[issued.secret.public].ends_at == NOON + 10


async def test_under_the_current_secret_nothing_is_written(world: World) -> None:
    issued = await world.issued()
    commits = world.work.commits
    await world.verified(issued)

    assert world.work.commits == commits


async def test_a_key_under_a_secret_that_is_gone_proves_nothing(world: World) -> None:
    issued = await world.issued()
    world.keyring = Keyring("a new secret")
    with pytest.raises(InvalidCredential):
        await world.verified(issued)


class RegeneratedMeanwhile(MemoryWork):
    """Loses the secret between the look at it and the change."""

    def change(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - as it inherits
        self.tables.secrets.clear()
        return super().change()


async def test_a_secret_that_went_meanwhile_stays_gone(world: World) -> None:
    issued = await world.issued()
    work = RegeneratedMeanwhile()
    work.tables.accounts.update(world.work.tables.accounts)
    work.tables.api_keys.update(world.work.tables.api_keys)
    work.tables.secrets.update(world.work.tables.secrets)
    await VerifyKey(work, ROTATED, world.clock, world.tariff_of)(issued.secret.text, None)

    assert work.tables.secrets == {}


class ReadOnly(MemoryWork):
    """Takes no changes."""

    def change(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - as it inherits
        raise StorageUnavailable("the disk is full")


async def test_a_database_that_takes_no_changes_still_knows_old_keys(world: World) -> None:
    issued = await world.issued()
    work = ReadOnly()
    work.tables.accounts.update(world.work.tables.accounts)
    work.tables.api_keys.update(world.work.tables.api_keys)
    work.tables.secrets.update(world.work.tables.secrets)

    verify = VerifyKey(work, ROTATED, world.clock, world.tariff_of)
    verified = await verify(issued.secret.text, None)
    assert verified.account_id == "ana"


class CountingKeyring(Keyring):
    """Counts digests."""

    __slots__ = ("digests",)

    def digest(self, purpose: str, message: bytes, pepper_id: str | None = None) -> bytes:
        self.digests = getattr(self, "digests", 0) + 1
        return super().digest(purpose, message, pepper_id)


@pytest.mark.parametrize("kind", ["right", "wrong", "unknown", "unknown pepper"])
def test_every_key_is_the_same_work(kind: str) -> None:
    keyring = CountingKeyring("a secret")
    presented = parse(new_secret().text)
    assert presented is not None
    secret = {
        "right": key_digests.secret_of(keyring, presented, "k", NOON),
        "wrong": key_digests.secret_of(keyring, new_secret(), "k", NOON),
        "unknown pepper": key_digests.secret_of(Keyring("other"), presented, "k", NOON),
    }.get(kind)
    keyring.digests = 0

    assert is_proved(keyring, presented, secret) is (kind == "right")
    assert keyring.digests == 1
