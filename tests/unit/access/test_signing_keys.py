"""One key signs, one comes next, and retired ones stay while what they signed is valid."""

import asyncio
from dataclasses import replace

import pytest

from plg.application.audited_change import AuditedChange
from plg.application.identity.signing_keys import (
    GRACE_SECONDS,
    EnsureSigningKeys,
    LoadSigningKeys,
    RotateSigningKeys,
)
from plg.application.ports.identity.access_changes import AccessChange
from plg.domain.audit import OPERATOR, Action
from plg.domain.errors import SealBroken, StorageUnavailable
from plg.domain.identity.signing_keys import SigningKey
from tests.fakes.access_tokens import SEALED, SEALED_BEFORE, PlainAccessTokens
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.remembered import NotedForgetting
from tests.fakes.work import MemoryWork
from tests.unit.access.session_world import ACCESS_SECONDS, LIFE


class Process:
    """One of several on a database."""

    def __init__(self, work: MemoryWork, clock: StoppedClock) -> None:
        self.work = work
        self.clock = clock
        self.access_tokens = PlainAccessTokens()
        self.remembered = NotedForgetting()
        self.load = LoadSigningKeys(work, self.access_tokens)
        self.ensure = EnsureSigningKeys(work, self.access_tokens, clock)
        self.rotate = RotateSigningKeys(
            AuditedChange(work, self.remembered, clock), self.access_tokens, LIFE
        )

    @property
    def active(self) -> str | None:
        return self.access_tokens.active_id

    @property
    def following(self) -> list[str]:
        return [key.id for key in self.access_tokens.keys if key.active_at is None]

    @property
    def retired(self) -> list[str]:
        return [key.id for key in self.access_tokens.keys if key.retired_at is not None]

    def held(self) -> list[SigningKey]:
        return list(self.work.tables.signing_keys.values())

    def seal(self, kid: str | None, text: str) -> None:
        held = self.work.tables.signing_keys
        held[kid or ""] = replace(held[kid or ""], sealed_private=text)


@pytest.fixture
def process() -> Process:
    return Process(MemoryWork(), StoppedClock())


async def test_the_first_start_makes_a_key_that_signs_and_one_that_comes_next(
    process: Process,
) -> None:
    await process.ensure()

    assert len(process.held()) == 2
    assert process.active is not None
    assert process.following not in ([], [process.active])


async def test_a_later_start_makes_nothing(process: Process) -> None:
    await process.ensure()
    later = Process(process.work, process.clock)
    commits = process.work.commits

    await later.ensure()

    assert later.access_tokens.made == 0
    assert (later.active, later.following) == (process.active, process.following)
    assert process.work.commits == commits


async def test_processes_that_start_at_once_have_the_same_keys() -> None:
    work, clock = MemoryWork(), StoppedClock()
    processes = [Process(work, clock) for _ in range(3)]

    await asyncio.gather(*(process.ensure() for process in processes))

    assert len(work.tables.signing_keys) == 2
    assert len({(process.active, *process.following) for process in processes}) == 1


@pytest.mark.parametrize("lost", ["active", "next"])
async def test_a_key_that_is_missing_is_made(process: Process, lost: str) -> None:
    await process.ensure()
    held = {"active": process.active, "next": process.following[0]}
    kept = process.following[0] if lost == "active" else process.active
    del process.work.tables.signing_keys[held[lost] or ""]

    await process.ensure()

    assert len(process.held()) == 2
    assert process.active not in (None, held[lost])
    assert len(process.following) == 1
    assert kept in (process.active, *process.following)


async def test_keys_under_a_former_secret_are_sealed_anew(process: Process) -> None:
    await process.ensure()
    process.seal(process.active, f"{SEALED_BEFORE}{process.active}")

    await process.ensure()

    assert {key.sealed_private for key in process.held()} == {
        f"{SEALED}{key.id}" for key in process.held()
    }
    assert process.access_tokens.made == 2


async def test_keys_under_a_secret_that_is_gone_say_what_to_do(process: Process) -> None:
    await process.ensure()
    process.seal(process.active, "lost")

    with pytest.raises(SealBroken, match="run plg keys rotate-signing"):
        await process.ensure()


async def test_a_rotation_makes_keys_anew_where_none_can_be_opened(process: Process) -> None:
    await process.ensure()
    lost = process.active, process.following[0]
    for kid in lost:
        process.seal(kid, "lost")

    await process.rotate(OPERATOR)
    await process.ensure()

    assert process.active not in lost
    assert process.retired == [lost[0]]
    assert len(process.following) == 1


async def test_a_rotation_lets_the_next_key_sign(process: Process) -> None:
    await process.ensure()
    active, (following,) = process.active, process.following
    process.clock.advance(60)

    keys = await process.rotate(OPERATOR)

    assert process.active == following
    assert process.retired == [active]
    assert len(process.following) == 1
    assert [key.id for key in keys] == [key.id for key in process.access_tokens.keys]


async def test_a_rotation_is_written_down_told_and_forgotten(process: Process) -> None:
    await process.ensure()

    await process.rotate(OPERATOR)

    (record,) = process.work.audit_records
    assert (record.action, record.actor) == (Action.SIGNING_KEYS_ROTATED, OPERATOR)
    assert record.target == f"signing_key:{process.active}"
    assert process.work.changes == [AccessChange(None)]
    assert process.remembered.forgotten == [None]


async def test_a_rotation_may_forget_all_keys_before(process: Process) -> None:
    await process.ensure()
    await process.rotate(OPERATOR)
    known = {process.active, *process.following, *process.retired}

    keys = await process.rotate(OPERATOR, forget=True)

    assert known.isdisjoint(key.id for key in keys)
    assert (len(process.following), process.retired) == (1, [])
    assert process.active is not None
    assert process.work.audit_records[-1].details == {"forgotten": "true"}


async def test_a_rotation_before_the_first_start_makes_all_keys(process: Process) -> None:
    await process.rotate(OPERATOR)

    assert process.active is not None
    assert len(process.following) == 1
    assert process.retired == []


async def test_a_retired_key_stays_while_something_it_signed_may_be_valid(
    process: Process,
) -> None:
    await process.ensure()
    first = process.active
    await process.rotate(OPERATOR)

    process.clock.advance(ACCESS_SECONDS + GRACE_SECONDS - 1)
    await process.rotate(OPERATOR)
    assert first in process.retired

    process.clock.advance(1)
    await process.rotate(OPERATOR)
    assert first not in process.retired
    assert len(process.retired) == 2


async def test_another_process_reads_what_was_rotated(process: Process) -> None:
    await process.ensure()
    other = Process(process.work, process.clock)
    await other.ensure()
    await process.rotate(OPERATOR)

    await other.load()

    assert other.active == process.active


async def test_where_the_database_fails_nothing_is_rotated(process: Process) -> None:
    await process.ensure()
    active = process.active
    process.work.is_down = True

    with pytest.raises(StorageUnavailable):
        await process.rotate(OPERATOR)

    process.work.is_down = False
    await process.load()
    assert process.active == active
    assert process.clock.now() == NOON
