"""What is durable too late, or in doubt, is taken back."""

import asyncio
from pathlib import Path

import pytest

from plg.domain.errors import LedgerUnavailable
from plg.domain.ledger.usage import Counted
from tests.fakes.usage import asked, charge, reserve, settle, tariff_of
from tests.integration.sql.ledger.files import counted, opened, promised, records, told, verified
from tests.integration.sql.ledger.slow import BrokenConnection, SlowConnection

PATIENCE = 0.3


async def test_what_is_durable_too_late_is_void(path: Path, slow: type[SlowConnection]) -> None:
    async with opened(path, patience_seconds=PATIENCE, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0)))
        slow.close_gate()
        answers = await asyncio.gather(*(told(ledger, charge(asked(n))) for n in (1, 2)))
        assert all(isinstance(answer, LedgerUnavailable) for answer in answers)
        assert {*next((path.parent / "given_up").iterdir()).read_text().split()} == {
            asked(1).id,
            asked(2).id,
        }
        slow.open_gate()
        await ledger.drain()

        assert [(each.sequence, each.units, each.voids) for each in records(path)] == [
            (1, 1, None), (2, 1, None), (3, 1, None), (4, -1, 2), (5, -1, 3),
        ]  # fmt: skip
        assert (
            await counted(ledger, charge(asked(9, tariff=tariff_of(requests=2))))
        ).left_today == 0
    assert not list((path.parent / "given_up").iterdir())
    assert (await verified(path)).is_good


async def test_a_reservation_that_is_durable_too_late_is_given_back(
    path: Path, slow: type[SlowConnection]
) -> None:
    tariff = tariff_of(requests=1)
    async with opened(path, patience_seconds=PATIENCE, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0, account="01BEN00000000000000000000B")))
        slow.close_gate()
        assert isinstance(await told(ledger, reserve(asked(1, tariff=tariff))), LedgerUnavailable)
        slow.open_gate()
        await ledger.drain()

        assert await counted(ledger, charge(asked(2, tariff=tariff)))


async def test_what_was_given_up_while_it_is_written_is_void_and_not_told(
    path: Path, slow: type[SlowConnection]
) -> None:
    told_of: list[object] = []
    async with opened(path, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0)))
        slow.close_gate()
        ticket = ledger.submit(charge(asked(1, idempotency_key="k")), told_of.append)
        await asyncio.to_thread(slow.reached.wait, 10)
        assert not ticket.give_up()
        slow.open_gate()
        await ledger.drain()

        assert told_of == []
        assert [record.voids for record in records(path)] == [None, None, 2]
        assert not (await counted(ledger, charge(asked(2, idempotency_key="k")))).is_repeat


async def test_no_repeat_is_told_of_a_record_that_is_taken_back(
    path: Path, slow: type[SlowConnection]
) -> None:
    async with opened(path, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0)))
        slow.close_gate(is_durable_first=True)
        first = ledger.submit(charge(asked(1, idempotency_key="k")), print)
        await asyncio.to_thread(slow.reached.wait, 10)
        assert not first.give_up()
        again = promised(ledger, charge(asked(2, idempotency_key="k")))
        await asyncio.sleep(0)
        slow.open_gate()
        for _ in range(2):  # the writer goes on before the event loop hears of the first group
            assert slow.committed.acquire(timeout=10)

        answer = await again
        await ledger.drain()

        assert isinstance(answer, Counted)
        assert answer.sequence not in [record.voids for record in records(path)]


async def test_what_was_given_up_and_then_not_recorded_needs_no_void(
    path: Path, slow: type[SlowConnection]
) -> None:
    tariff = tariff_of(requests=1)
    async with opened(path, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0, tariff=tariff, idempotency_key="k")))
        slow.close_gate()
        refused = ledger.submit(charge(asked(1, tariff=tariff)), print)
        repeat = ledger.submit(charge(asked(2, tariff=tariff, idempotency_key="k")), print)
        await asyncio.to_thread(slow.reached.wait, 10)
        assert (refused.give_up(), repeat.give_up()) == (False, False)
        slow.open_gate()
        await ledger.drain()

    assert len(records(path)) == 1
    assert not list((path.parent / "given_up").iterdir())


async def test_what_was_given_up_in_a_group_that_failed_gives_its_unit_back(path: Path) -> None:
    tariff = tariff_of(requests=1)
    async with opened(path, connection_type=BrokenConnection) as ledger:
        await told(ledger, reserve(asked(1, tariff=tariff)))
        BrokenConnection.failures, BrokenConnection.is_durable = 1, False
        BrokenConnection.reached.clear()
        BrokenConnection.gate.clear()
        ticket = ledger.submit(settle(asked(1, tariff=tariff)), print)
        await asyncio.to_thread(BrokenConnection.reached.wait, 10)
        assert not ticket.give_up()
        BrokenConnection.gate.set()
        await ledger.drain()

        assert await counted(ledger, charge(asked(2, tariff=tariff)))


@pytest.mark.parametrize("is_durable", [True, False])
async def test_after_a_commit_that_failed_nothing_stands(path: Path, is_durable: bool) -> None:
    async with opened(path, connection_type=BrokenConnection) as ledger:
        await told(ledger, charge(asked(0)))
        BrokenConnection.failures, BrokenConnection.is_durable = 1, is_durable
        BrokenConnection.gate.set()
        assert isinstance(await told(ledger, charge(asked(1))), LedgerUnavailable)
        await ledger.drain()

        found = [(record.id == asked(1).id, record.voids) for record in records(path)[1:]]
        assert found == ([(True, None), (False, 2)] if is_durable else [])
    assert (await verified(path)).is_good


async def test_stopping_does_not_wait_for_ever(path: Path, slow: type[SlowConnection]) -> None:
    slow.open_gate()
    async with opened(path, patience_seconds=PATIENCE, connection_type=slow) as ledger:
        await told(ledger, charge(asked(0)))
        slow.close_gate()
        stuck = promised(ledger, charge(asked(1)))
        await asyncio.to_thread(slow.reached.wait, 10)

    assert isinstance(stuck.result(), LedgerUnavailable)
    assert len(list((path.parent / "given_up").iterdir())) == 1
    slow.open_gate()
