"""`AuditPort`, kept by every durable database."""

from dataclasses import replace

import pytest

from plg.application.ports.identity.audit import AuditFilter
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import OPERATOR, Action, Actor, AuditRecord
from tests.fakes.clock import NOON
from tests.integration.contracts.works import ANA, BEN, undone

BY_ANA = Actor(f"account:{ANA.id}", ANA.id, "2001:db8::1", "req-1")
FIRST = AuditRecord(
    "01A", NOON, BY_ANA, Action.KEY_ISSUED, "key:01K", {"name": "größer", "scopes": "a b"}
)
SECOND = AuditRecord("01B", NOON + 1, OPERATOR, Action.ACCOUNT_CREATED, f"account:{BEN.id}")
THIRD = replace(FIRST, id="01C", at=NOON + 2, action=Action.KEY_REVOKED, details={})
ALL = [THIRD, SECOND, FIRST]


@pytest.fixture(autouse=True)
async def _records(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        for record in (SECOND, FIRST, THIRD):
            await ports.audit.record(record)


async def page(
    work: UnitOfWorkPort, wanted: AuditFilter, before: str | None = None, limit: int = 9
) -> list[AuditRecord]:
    async with work.look() as ports:
        return await ports.audit.page(wanted, before=before, limit=limit)


async def test_records_come_back_as_they_were_the_newest_first(work: UnitOfWorkPort) -> None:
    assert await page(work, AuditFilter()) == ALL


async def test_pages_descend_by_id(work: UnitOfWorkPort) -> None:
    one = await page(work, AuditFilter(), limit=2)
    rest = await page(work, AuditFilter(), before=one[-1].id)

    assert (one, rest) == (ALL[:2], ALL[2:])


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AuditFilter(actor_id="operator"), [SECOND]),
        (AuditFilter(account_id=ANA.id), [THIRD, FIRST]),
        (AuditFilter(action=Action.KEY_REVOKED), [THIRD]),
        (AuditFilter(target="key:01K"), [THIRD, FIRST]),
        (AuditFilter(target="key:01"), []),
        (AuditFilter(since=NOON + 1), [THIRD, SECOND]),
        (AuditFilter(until=NOON + 1), [FIRST]),
        (AuditFilter(since=NOON + 1, until=NOON + 2), [SECOND]),
        (AuditFilter(account_id=ANA.id, action=Action.KEY_ISSUED), [FIRST]),
        (AuditFilter(actor_id="operator", target="key:01K"), []),
    ],
)
async def test_only_what_is_wanted_comes(
    work: UnitOfWorkPort, wanted: AuditFilter, found: list[AuditRecord]
) -> None:
    assert await page(work, wanted) == found


async def test_a_record_of_a_change_that_was_undone_is_not_there(work: UnitOfWorkPort) -> None:
    await undone(work, lambda ports: ports.audit.record(replace(FIRST, id="01D")))

    assert await page(work, AuditFilter()) == ALL
