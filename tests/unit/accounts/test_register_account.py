"""Register an account."""

from dataclasses import replace

import pytest

from plg.domain.audit import Action
from plg.domain.errors import EmailTaken, InvalidParameter, RegistrationClosed, WeakPassword
from plg.domain.identity.accounts import Email, Role
from tests.unit.accounts.world import ANA, HOME, PASSWORD, World, token_in


async def test_who_registers_is_an_unverified_user(world: World) -> None:
    account = await world.register(ANA, PASSWORD, " Ana ", HOME)

    assert world.held(account) == account
    assert (account.name, account.role, account.is_active) == ("Ana", Role.USER, True)
    assert not account.is_verified


async def test_a_link_is_mailed_that_verifies_the_address(world: World) -> None:
    account = await world.register(ANA, PASSWORD, None, HOME)
    await world.verify(token_in(world.mail.sent[0]), HOME)

    assert world.mail.sent[0].to == ANA.address
    assert world.held(account).is_verified


async def test_registration_is_written_down_with_its_origin(world: World) -> None:
    account = await world.register(ANA, PASSWORD, None, HOME)
    record = world.work.audit_records[0]

    assert (record.action, record.actor) == (Action.ACCOUNT_REGISTERED, HOME)
    assert record.target == f"account:{account.id}"


async def test_an_address_is_taken_whatever_the_case_of_its_letters(world: World) -> None:
    await world.register(ANA, PASSWORD, None, HOME)

    with pytest.raises(EmailTaken):
        await world.register(Email("ANA@Example.org"), PASSWORD, None, HOME)
    assert len(world.mail.sent) == 1


async def test_where_registration_is_closed_nobody_registers(world: World) -> None:
    closed = replace(world.register, is_open=False)

    with pytest.raises(RegistrationClosed):
        await closed(ANA, PASSWORD, None, HOME)
    assert world.work.commits == 0


async def test_a_password_of_ones_own_name_is_refused(world: World) -> None:
    with pytest.raises(WeakPassword):
        await world.register(ANA, "rumpelstiltskin12", "Rumpelstiltskin", HOME)


@pytest.mark.parametrize("name", ["x" * 101, "a\nb", "a\u2028b", "\x00", "\u200b", "Ana\u202e"])
async def test_a_name_is_printable_and_short(world: World, name: str) -> None:
    with pytest.raises(InvalidParameter):
        await world.register(ANA, PASSWORD, name, HOME)


async def test_the_hash_is_of_the_composed_form(world: World) -> None:
    account = await world.register(ANA, "cafe\u0301 near the old harbour", None, HOME)

    assert account.password_hash == "plain:caf\xe9 near the old harbour"
