"""What every ledger promises of idempotency keys."""

import asyncio

import pytest

from plg.domain.errors import IdempotencyMismatch
from plg.domain.ledger.usage import Counted
from tests.fakes.usage import BEN, asked, charge, release, reserve, settle
from tests.integration.contracts.ledgers import Ledgers, sorted_answers
from tests.integration.sql.ledger.files import counted, promised, told


async def test_the_same_key_again_is_the_old_record(ledgers: Ledgers) -> None:
    first = await counted(ledgers.ours, charge(asked(1, idempotency_key="k")))
    again = await counted(ledgers.theirs, charge(asked(2, idempotency_key="k")))

    assert again == first._replace(is_repeat=True)
    assert len(ledgers.records()) == 1


async def test_the_same_key_twice_at_once_is_one_record(ledgers: Ledgers) -> None:
    answers = await asyncio.gather(
        *(promised(ledgers.ours, charge(asked(n, idempotency_key="k"))) for n in range(10))
    )

    good, _ = sorted_answers(answers)
    assert sorted(answer.is_repeat for answer in good) == [False] + [True] * 9
    assert len(ledgers.records()) == 1


async def test_the_same_key_of_another_account_is_another_one(ledgers: Ledgers) -> None:
    await told(ledgers.ours, charge(asked(1, idempotency_key="k")))
    answer = await counted(
        ledgers.ours, charge(asked(2, account=BEN, key="other", idempotency_key="k"))
    )

    assert not answer.is_repeat


async def test_the_same_key_for_another_record_is_a_mismatch(ledgers: Ledgers) -> None:
    await told(ledgers.ours, charge(asked(1, idempotency_key="k")))

    other = charge(asked(2, key="654321", idempotency_key="k"))
    assert isinstance(await told(ledgers.ours, other), IdempotencyMismatch)


async def test_the_same_key_for_a_changed_record_is_a_new_record(ledgers: Ledgers) -> None:
    await told(ledgers.ours, charge(asked(1, idempotency_key="k")))
    changed = await counted(ledgers.ours, charge(asked(2, idempotency_key="k"), etag='"v2"'))
    again = await counted(ledgers.theirs, charge(asked(3, idempotency_key="k"), etag='"v2"'))

    assert (changed.sequence, changed.is_repeat) == (2, False)
    assert (again.sequence, again.is_repeat) == (2, True)


@pytest.mark.parametrize("is_settled", [True, False])
async def test_while_a_key_is_in_flight_the_second_waits_for_the_first(
    ledgers: Ledgers, is_settled: bool
) -> None:
    await told(ledgers.ours, reserve(asked(1, idempotency_key="k")))
    second = promised(ledgers.ours, charge(asked(2, idempotency_key="k")))
    third = promised(ledgers.theirs, charge(asked(3, idempotency_key="k")))
    await told(ledgers.ours, charge(asked(4)))
    assert not second.done()
    end = settle if is_settled else release
    await told(ledgers.ours, end(asked(1, idempotency_key="k")))
    if ledgers.theirs is ledgers.ours:
        await told(ledgers.ours, release(asked(5)))  # the twin looks again when something ends

    answers = [await second, await third]
    repeats = [each.is_repeat for each in answers if isinstance(each, Counted)]
    assert sorted(repeats) == [is_settled, True]  # released: whichever comes first is the record
