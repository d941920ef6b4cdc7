"""A change is written down, and what it makes outdated is forgotten once it is committed."""

import pytest

from plg.application.audited_change import AuditedChange
from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import OPERATOR, Action, Actor
from plg.domain.errors import NotFound
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.remembered import NotedForgetting
from tests.fakes.work import MemoryWork
from tests.unit.keys.world import account_of


class World:
    def __init__(self) -> None:
        self.work, self.remembered = MemoryWork(), NotedForgetting()
        self.work.tables.accounts["ana"] = account_of("ana")
        self.changes = AuditedChange(self.work, self.remembered, StoppedClock(NOON))


async def test_it_is_written_down_and_told_in_the_same_transaction() -> None:
    world = World()

    async with world.changes(OPERATOR) as change:
        await change.record(Action.ACCOUNT_ACTIVATED, "account:ana", {"why": "asked"})
        await change.outdate("ana")
        assert world.remembered.forgotten == []  # who asks now would only remember it again

    (record,) = world.work.tables.audit
    assert (record.actor, record.action, record.at) == (OPERATOR, Action.ACCOUNT_ACTIVATED, NOON)
    assert record.details == {"why": "asked"}
    assert world.remembered.forgotten == ["ana"]
    assert world.work.tables.changes == [(NOON, AccessChange("ana"))]


async def test_a_change_that_fails_leaves_nothing() -> None:
    world = World()

    async def fail() -> None:
        async with world.changes(OPERATOR) as change:
            await change.record(Action.ACCOUNT_ACTIVATED, "account:ana")
            await change.outdate("ana")
            await change.account("nobody")

    with pytest.raises(NotFound, match="no account"):
        await fail()

    assert not world.work.tables.audit
    assert not world.work.tables.changes
    assert world.remembered.forgotten == []


async def test_who_did_it_may_become_known_on_the_way() -> None:
    world, ana = World(), Actor("account:ana", "ana")

    async with world.changes(Actor("anonymous")) as change:
        await change.record(Action.LOGGED_IN, "account:ana", actor=ana)

    assert [record.actor for record in world.work.tables.audit] == [ana]
