"""Log in."""

from dataclasses import replace

import pytest

from plg.domain.audit import Action
from plg.domain.errors import AccountInactive, Busy, EmailUnverified, InvalidLogin
from plg.domain.identity.access import Scope
from plg.domain.identity.accounts import ADMIN_SCOPES, USER_SCOPES, Email, Role
from tests.fakes.clock import NOON
from tests.fakes.passwords import PlainHasher
from tests.unit.accounts.world import ANA, HOME, NOBODY, OTHER, PASSWORD, World


async def test_who_knows_the_password_gets_tokens(world: World) -> None:
    account = await world.account()
    tokens = await world.enter()

    assert (tokens.access_token, tokens.scopes) == (f"access of {account.id}", USER_SCOPES)
    assert [session.account_id for session in world.sessions] == [account.id]


async def test_an_admin_may_do_everything(world: World) -> None:
    await world.account(role=Role.ADMIN)

    assert (await world.enter()).scopes == ADMIN_SCOPES


async def test_the_case_of_an_address_does_not_count(world: World) -> None:
    await world.account()

    assert (await world.enter(Email("Ana@EXAMPLE.org"))).access_token


async def test_a_password_is_the_same_however_it_is_composed(world: World) -> None:
    await world.account(password="caf\xe9 near the old harbour")

    assert (await world.enter(password="cafe\u0301 near the old harbour")).access_token


async def test_the_last_log_in_is_written_down(world: World) -> None:
    account = await world.account()
    world.clock.advance(60)
    await world.enter()

    assert world.held(account).last_login_at == NOON + 60


async def test_a_log_in_is_in_the_audit_log_as_its_owners(world: World) -> None:
    account = await world.account()
    await world.enter()
    record = world.work.audit_records[-1]

    assert (record.action, record.target) == (Action.LOGGED_IN, f"account:{account.id}")
    assert (record.actor.account_id, record.actor.address) == (account.id, HOME.address)


async def test_a_failed_log_in_is_in_the_audit_log(world: World) -> None:
    account = await world.account()
    with pytest.raises(InvalidLogin):
        await world.enter(password=OTHER)
    record = world.work.audit_records[-1]

    assert (record.action, record.target) == (Action.LOGIN_FAILED, f"account:{account.id}")


async def test_an_unknown_address_is_written_down_as_a_digest(world: World) -> None:
    with pytest.raises(InvalidLogin):
        await world.enter(NOBODY)

    assert world.work.actions == [Action.LOGIN_FAILED]
    assert NOBODY.address not in repr(world.work.tables)


async def test_a_wrong_password_a_missing_one_and_an_unknown_address_are_told_alike(
    world: World,
) -> None:
    await world.account()
    await world.account(Email("bare@example.org"), password=None)
    outcomes = set()
    for email in (ANA, NOBODY, Email("bare@example.org")):
        commits, verifies = world.work.commits, world.hasher.verifies
        with pytest.raises(InvalidLogin) as refusal:
            await world.enter(email, OTHER)
        work = (world.work.commits - commits, world.hasher.verifies - verifies)
        outcomes.add((str(refusal.value), *work))

    assert outcomes == {("There is no account with this address and password.", 2, 1)}


async def test_a_deactivated_account_is_told_only_to_who_knows_its_password(world: World) -> None:
    account = await world.account()
    await world.put(replace(account, is_active=False))

    with pytest.raises(InvalidLogin):
        await world.enter(password=OTHER)
    with pytest.raises(AccountInactive):
        await world.enter()
    assert world.sessions == []
    assert world.work.audit_records[-1].details == {"reason": "account_inactive"}


async def test_an_unverified_address_does_where_that_is_allowed(world: World) -> None:
    await world.account(is_verified=False)

    assert (await world.enter()).access_token


async def test_an_unverified_address_does_not_where_it_is_required(world: World) -> None:
    await world.account(is_verified=False)
    strict = replace(world.log_in, needs_verified_email=True)

    with pytest.raises(EmailUnverified):
        await strict(ANA, PASSWORD, HOME)
    assert world.sessions == []


async def test_an_outdated_hash_is_renewed(world: World) -> None:
    account = await world.account()
    await world.put(replace(account, password_hash=f"old plain:{PASSWORD}"))
    world.hasher.outdated.add(f"old plain:{PASSWORD}")
    await world.enter()

    assert world.held(account).password_hash == f"plain:{PASSWORD}"


class BusyAfterVerify(PlainHasher):
    """Has a place to verify, and none to hash."""

    async def hash(self, password: str) -> str:  # noqa: ARG002 - the port's
        raise Busy("no place")


async def test_who_could_log_in_does_so_though_there_is_no_place_to_renew_the_hash(
    world: World,
) -> None:
    account = await world.account()
    hasher = BusyAfterVerify()
    hasher.outdated.add(f"plain:{PASSWORD}")
    await replace(world.log_in, hasher=hasher)(ANA, PASSWORD, HOME)

    assert world.held(account).password_hash == f"plain:{PASSWORD}"


async def test_past_the_queue_nobody_logs_in(world: World) -> None:
    await world.account()
    world.hasher.is_busy = True

    with pytest.raises(Busy):
        await world.enter()


class MeanwhileHasher(PlainHasher):
    """Something happens while a password is checked."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    async def verify(self, password_hash: str | None, password: str) -> bool:
        is_right = await super().verify(password_hash, password)
        for account in list(self._world.work.tables.accounts.values()):
            await self._world.put(replace(account, password_hash=f"plain:{OTHER}"))
        return is_right


async def test_a_password_that_was_changed_meanwhile_does_not_do(world: World) -> None:
    await world.account()

    with pytest.raises(InvalidLogin):
        await replace(world.log_in, hasher=MeanwhileHasher(world))(ANA, PASSWORD, HOME)
    assert world.sessions == []


async def test_a_user_never_gets_the_scope_of_admins(world: World) -> None:
    await world.account()

    assert Scope.ADMIN not in (await world.enter()).scopes
