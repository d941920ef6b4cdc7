"""Show and list accounts, and the audit log."""

import pytest

from plg.application.ports.identity.audit import AuditFilter
from plg.domain.audit import Action
from plg.domain.errors import NotFound
from plg.domain.identity.accounts import Account
from tests.unit.accounts.world import ANA, BEN, World


async def ana_and_ben(world: World) -> tuple[Account, Account]:
    ana = await world.account(ANA)
    world.clock.advance(1)
    return ana, await world.account(BEN)


async def test_an_account_is_found_by_its_id(world: World) -> None:
    ana = await world.account()

    assert await world.show_account(ana.id) == ana


async def test_what_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await world.show_account("nobody")


async def test_accounts_come_in_pages_the_oldest_first(world: World) -> None:
    ana, ben = await ana_and_ben(world)

    assert await world.list_accounts(limit=1) == [ana]
    assert await world.list_accounts(after=ana.id, limit=1) == [ben]


async def test_accounts_are_found_by_a_part_of_their_address(world: World) -> None:
    _, ben = await ana_and_ben(world)

    assert await world.list_accounts(limit=9, search="BEN@") == [ben]


async def test_audit_records_come_in_pages_the_newest_first(world: World) -> None:
    ana, ben = await ana_and_ben(world)
    newest = await world.list_audit(AuditFilter(), limit=1)
    older = await world.list_audit(AuditFilter(), before=newest[0].id, limit=9)

    assert [record.target for record in newest] == [f"account:{ben.id}"]
    assert [record.target for record in older] == [f"account:{ana.id}"]


async def test_audit_records_are_filtered(world: World) -> None:
    await ana_and_ben(world)

    assert await world.list_audit(AuditFilter(action=Action.LOGGED_IN), limit=9) == []
