"""What the same usage would have cost under another plan."""

from datetime import UTC, datetime

import pytest

from plg.domain.errors import InvalidParameter, NotFound
from plg.domain.ledger.periods import Period
from plg.domain.plans.plans import Metered
from tests.fakes.memory_plans import PREMIUM
from tests.fakes.usage import ANA, BEN, CENT
from tests.unit.billing.paying import Paying


def month(text: str) -> Period:
    return Period.of(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


async def test_another_plan_is_simulated_for_all_that_used_something(paying: Paying) -> None:
    paying.use(4, metered=Metered.MISS)
    paying.use(account=BEN)
    found = await paying.simulate("premium", None, month("2023-11-01"), None)
    one = await paying.simulate("premium", 1, month("2023-11-01"), ANA)
    before = await paying.simulate("premium", None, month("2023-10-01"), None)

    assert [(each.account_id, each.simulated.amount) for each in found] == [
        (ANA, 4 * PREMIUM.price),
        (BEN, PREMIUM.price),
    ]
    assert [each.billed[0].amount for each in found] == [40 * CENT, 5 * CENT]
    assert (one, before) == (found[:1], [])


async def test_a_plan_that_does_not_exist_is_not_simulated(paying: Paying) -> None:
    period = month("2023-11-01")
    for code, version in (("gold", None), ("basic", 7)):
        with pytest.raises(InvalidParameter):
            await paying.simulate(code, version, period, None)
    with pytest.raises(NotFound):
        await paying.simulate("basic", None, period, "nobody")


async def test_more_accounts_than_a_page_has_are_simulated(paying: Paying) -> None:
    for number in range(205):
        paying.use(account=f"01USER{number:020}")

    assert len(await paying.simulate("basic", None, month("2023-11-01"), None)) == 205
