"""What every ledger promises."""

import asyncio
from collections.abc import Callable

import pytest

from plg.domain.errors import LedgerUnavailable, QuotaExceeded
from plg.domain.ledger.usage import Asked, Operation
from plg.domain.plans.plans import Metered, Unit
from tests.fakes.usage import ANA, BEN, asked, charge, release, reserve, settle, tariff_of
from tests.integration.contracts.ledgers import Ledgers, sorted_answers
from tests.integration.sql.ledger.files import counted, promised, told

CAR, VAN = "1FATESTVIN0000001", "1FATESTVIN0000002"


async def test_what_is_told_stands_in_the_ledger(ledgers: Ledgers) -> None:
    answer = await counted(ledgers.ours, charge(asked(1)))

    assert answer.sequence == 1
    assert [record.id for record in ledgers.records()] == [asked(1).id]


async def test_nothing_is_told_before_the_submission_has_returned(ledgers: Ledgers) -> None:
    future = promised(ledgers.ours, charge(asked(1)))

    assert not future.done()
    await future


async def test_what_was_told_in_one_process_counts_in_the_other(ledgers: Ledgers) -> None:
    tariff = tariff_of(requests=2)
    await told(ledgers.ours, charge(asked(1, tariff=tariff)))

    answer = await counted(ledgers.theirs, charge(asked(2, tariff=tariff)))
    assert (answer.sequence, answer.left_today) == (2, 0)


async def test_each_account_has_numbers_of_its_own(ledgers: Ledgers) -> None:
    for number in range(6):
        account = ANA if number % 2 else BEN
        await told(ledgers.ours, charge(asked(number, account=account)))

    assert [record.sequence for record in ledgers.of(ANA)] == [1, 2, 3]
    assert [record.sequence for record in ledgers.of(BEN)] == [1, 2, 3]


async def test_operations_are_decided_in_the_order_of_submission(ledgers: Ledgers) -> None:
    answers = await asyncio.gather(
        *(promised(ledgers.ours, charge(asked(number))) for number in range(200))
    )

    good, _ = sorted_answers(answers)
    assert [answer.sequence for answer in good] == list(range(1, 201))
    assert [record.id for record in ledgers.records()] == [asked(n).id for n in range(200)]


async def test_what_becomes_durable_together_has_its_bounds_written_down(
    ledgers: Ledgers,
) -> None:
    await asyncio.gather(*(promised(ledgers.ours, charge(asked(n))) for n in range(50)))

    firsts = [record.group_first for record in ledgers.records()]
    assert all(
        first in (sequence, firsts[sequence - 2]) for sequence, first in enumerate(firsts, 1)
    )


@pytest.mark.parametrize("operation", [charge, reserve])
async def test_of_many_who_race_for_the_last_unit_one_wins(
    ledgers: Ledgers, operation: Callable[[Asked], Operation]
) -> None:
    tariff = tariff_of(requests=10)
    for number in range(9):
        await told(ledgers.ours, charge(asked(number, tariff=tariff)))
    answers = await asyncio.gather(
        *(
            promised(ledger, operation(asked(number, tariff=tariff)))
            for number in range(100, 200, 2)
            for ledger in (ledgers.ours, ledgers.theirs)
            for number in [number + (ledger is ledgers.theirs)]
        )
    )

    good, bad = sorted_answers(answers)
    assert (len(good), len(bad)) == (1, 99)
    assert all(isinstance(each, QuotaExceeded) and each.policy == "daily" for each in bad)


async def test_of_many_who_race_for_the_last_vehicle_one_wins(ledgers: Ledgers) -> None:
    tariff = tariff_of(vins=1)
    answers = await asyncio.gather(
        *(
            promised(
                ledgers.theirs if number % 2 else ledgers.ours,
                reserve(asked(number, vin=f"1FATESTVIN{number:07}", tariff=tariff)),
            )
            for number in range(50)
        )
    )

    assert len(sorted_answers(answers)[0]) == 1


async def test_of_many_who_race_for_the_rest_of_a_spend_cap_as_many_win_as_it_pays(
    ledgers: Ledgers,
) -> None:
    tariff = tariff_of(cap=12 * 10_000_000)
    answers = await asyncio.gather(
        *(
            promised(
                ledgers.theirs if number % 2 else ledgers.ours, charge(asked(number, tariff=tariff))
            )
            for number in range(20)
        )
    )

    good, bad = sorted_answers(answers)
    assert len(good) == 2
    assert all(isinstance(each, QuotaExceeded) and each.policy == "spend" for each in bad)


async def test_one_vehicle_costs_once_a_day_whoever_asks(ledgers: Ledgers) -> None:
    tariff = tariff_of(unit=Unit.VIN)
    await asyncio.gather(
        *(
            promised(
                ledgers.theirs if number % 2 else ledgers.ours,
                charge(asked(number, vin=CAR, tariff=tariff)),
            )
            for number in range(20)
        )
    )

    assert sorted(record.units for record in ledgers.records()) == [0] * 19 + [1]


async def test_a_reservation_is_settled_into_a_record(ledgers: Ledgers) -> None:
    tariff = tariff_of(requests=1)
    await told(ledgers.ours, reserve(asked(1, tariff=tariff)))
    assert ledgers.records() == []

    answer = await counted(ledgers.ours, settle(asked(1, tariff=tariff)))
    assert (answer.sequence, answer.left_today) == (1, 0)
    assert [record.metered for record in ledgers.records()] == [Metered.MISS.value]


async def test_a_reservation_that_is_released_is_given_back(ledgers: Ledgers) -> None:
    tariff = tariff_of(requests=1, vins=1)
    await told(ledgers.ours, reserve(asked(1, vin=CAR, tariff=tariff)))
    assert isinstance(
        await told(ledgers.theirs, charge(asked(2, vin=VAN, tariff=tariff))), QuotaExceeded
    )
    await told(ledgers.ours, release(asked(1, vin=CAR, tariff=tariff)))

    assert await counted(ledgers.theirs, charge(asked(3, vin=VAN, tariff=tariff)))


async def test_a_reservation_past_its_deadline_is_given_back(ledgers: Ledgers) -> None:
    tariff = tariff_of(requests=1)
    await told(ledgers.ours, reserve(asked(1, tariff=tariff), deadline=10))
    ledgers.clock.advance(9)
    assert isinstance(await told(ledgers.theirs, charge(asked(2, tariff=tariff))), QuotaExceeded)
    ledgers.clock.advance(1)

    assert await counted(ledgers.theirs, charge(asked(3, tariff=tariff)))
    assert isinstance(await told(ledgers.ours, settle(asked(1, tariff=tariff))), QuotaExceeded)


async def test_what_waits_is_withdrawn_and_never_told(ledgers: Ledgers) -> None:
    told_of: list[object] = []
    ticket = ledgers.ours.submit(charge(asked(1)), told_of.append)

    assert ticket.give_up()
    await ledgers.ours.drain()
    assert (told_of, ledgers.records()) == ([], [])
    assert ticket.give_up()


async def test_what_is_over_cannot_be_given_up(ledgers: Ledgers) -> None:
    done = asyncio.Event()
    ticket = ledgers.ours.submit(charge(asked(1)), lambda _: done.set())
    await done.wait()

    assert not ticket.give_up()
    await ledgers.ours.drain()
    assert len(ledgers.records()) == 1


async def test_a_settlement_that_is_withdrawn_gives_its_unit_back(ledgers: Ledgers) -> None:
    tariff = tariff_of(requests=1)
    await told(ledgers.ours, reserve(asked(1, tariff=tariff)))
    assert ledgers.ours.submit(settle(asked(1, tariff=tariff)), print).give_up()
    await ledgers.ours.drain()

    assert await counted(ledgers.ours, charge(asked(2, tariff=tariff)))


async def test_drained_nothing_waits(ledgers: Ledgers) -> None:
    futures = [promised(ledgers.ours, charge(asked(number))) for number in range(30)]
    await ledgers.ours.drain()

    assert all(future.done() for future in futures)
    await ledgers.ours.drain()


async def test_a_follow_up_that_fails_does_not_keep_others_from_theirs(
    ledgers: Ledgers,
) -> None:
    failures: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))

    def fail(_: object) -> None:
        raise LedgerUnavailable("not this one")

    ledgers.ours.submit(charge(asked(1)), fail)
    assert await counted(ledgers.ours, charge(asked(2)))
    assert len(failures) == 1
