"""Statements while everything else goes on: no record is lost, and none is billed twice."""

import asyncio
import itertools
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any, Final

import pytest

from plg.domain.audit import OPERATOR
from plg.domain.errors import StorageUnavailable
from plg.domain.ledger.statements import CreditedLine, Statement
from plg.domain.plans.plans import Metered
from tests.fakes.usage import CENT, asked, charge
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import Holder, ask, holder_in

NO_LIMITS: Final = {
    f"RATE_LIMIT_{name}": "100000/minute" for name in ("BURST", "DATA_MODIFICATION")
}
ENOUGH: Final = 12
_numbers = itertools.count(1)


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**NO_LIMITS)


@pytest.fixture
async def ana(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "ana")


async def charged(gateway: Gateway, holder: Holder, count: int) -> None:
    """Have so many answers written down, in groups as they come."""
    account, now = holder.caller.account_id or "", gateway.clock.now()
    count_usage = gateway.container.usage().count_usage
    outcomes = (Metered.HIT, Metered.MISS, Metered.STALE)
    for start in range(0, count, 8):
        numbers = list(itertools.islice(_numbers, min(8, count - start)))
        await asyncio.gather(
            *(
                count_usage(charge(asked(n, account=account, at=now), outcomes[n % 3]))
                for n in numbers
            )
        )


def rows(gateway: Gateway, query: str) -> list[Any]:
    path = gateway.settings.storage.data_dir / "db.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def check(gateway: Gateway) -> None:
    """Compare every statement with the records that it covers."""
    numbers = rows(gateway, "SELECT number FROM statements ORDER BY position")
    assert [number[-6:] for (number,) in numbers] == [f"{n:06}" for n in range(1, len(numbers) + 1)]
    recomputed = """SELECT s.number, r.metered, r.unit_price, SUM(r.units), COUNT(*)
        FROM statements s JOIN usage_records r ON r.account_id = s.account_id
        AND r.sequence BETWEEN s.first_sequence AND s.last_sequence AND r.currency = s.currency
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
    lines = """SELECT number, metered, unit_price, units, records
        FROM statement_lines ORDER BY number, metered, unit_price"""
    assert rows(gateway, recomputed) == rows(gateway, lines)


@pytest.mark.parametrize("key", [None, "november"])
async def test_many_who_pay_at_once_get_one_statement(
    gateway: Gateway, ana: Holder, key: str | None
) -> None:
    await charged(gateway, ana, 10)
    headers = {**ana.headers, **({} if key is None else {"Idempotency-Key": key})}
    async with gateway.client(headers=headers) as client:
        answers = await gateway.together(*(client.post("/api/v1/billing/pay") for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    numbers = [each["number"] for answer in answers for each in answer.json()["statements"]]
    assert numbers == ["PLG-2023-000001"] * (1 if key is None else 20)
    assert rows(gateway, "SELECT number FROM statements") == [("PLG-2023-000001",)]
    check(gateway)


async def test_each_record_is_in_one_statement_however_often_is_paid_meanwhile(
    gateway: Gateway, ana: Holder
) -> None:
    ben = await holder_in(gateway, "ben")
    pay = gateway.container.billing().close_period
    closed: list[Statement] = []

    async def charging(holder: Holder) -> None:
        while len(closed) < ENOUGH:
            await charged(gateway, holder, 8)

    async def paying(holder: Holder) -> None:
        while len(closed) < ENOUGH:
            with suppress(StorageUnavailable):  # others were faster for two seconds
                closed.extend((await pay(holder.caller, None, None, OPERATOR)).statements)

    holders = (ana, ben)
    await asyncio.gather(*(act(each) for act in (charging, paying) * 2 for each in holders))
    for holder in holders:
        await pay(holder.caller, None, None, OPERATOR)

    covered = """SELECT account_id, SUM(last_sequence - first_sequence + 1), MAX(last_sequence)
        FROM statements GROUP BY account_id"""
    written = "SELECT account_id, COUNT(*), last_sequence FROM usage_records"
    written += " JOIN ledger_accounts USING (account_id) GROUP BY account_id"
    assert rows(gateway, covered) == rows(gateway, written)
    assert rows(gateway, "SELECT * FROM ledger_lines") == []
    check(gateway)


async def test_numbers_have_no_gaps_where_closings_and_credits_fail_between(
    gateway: Gateway, ana: Holder
) -> None:
    credit, pay = (
        gateway.container.billing().credit_statement,
        gateway.container.billing().close_period,
    )
    await charged(gateway, ana, 3)
    (first,) = (await pay(ana.caller, None, None, OPERATOR)).statements

    async def credited(cents: int) -> None:
        line = CreditedLine(1, cents * CENT)
        await credit(first.number, "a little", [line], OPERATOR)

    async def paid() -> None:
        await charged(gateway, ana, 1)
        await pay(ana.caller, None, None, OPERATOR)

    attempts: Sequence[Any] = [
        *(credited(cents) for cents in (1, 99, 1, 98, 1, 97)),
        *(paid() for _ in range(6)),
    ]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)

    assert sum(isinstance(each, Exception) for each in outcomes) == 3
    notes = "SELECT number FROM statements WHERE kind = 'credit_note' ORDER BY position"
    assert rows(gateway, notes) == [(f"PLG-CN-2023-00000{n}",) for n in (1, 2, 3)]
    statements = "SELECT number FROM statements WHERE kind = 'statement' ORDER BY position"
    numbers = [number for (number,) in rows(gateway, statements)]
    assert numbers == [f"PLG-2023-00000{n}" for n in range(1, len(numbers) + 1)]
    positions = [n for (n,) in rows(gateway, "SELECT position FROM statements ORDER BY 1")]
    assert positions == list(range(1, len(numbers) + 4))


async def test_two_accounts_never_share_a_number(gateway: Gateway) -> None:
    holders = [await holder_in(gateway, f"user{letter}") for letter in "abcdef"]
    for holder in holders:
        await ask(gateway, holder.key)
    pay = gateway.container.billing().close_period
    closed = [each async for each in gateway.container.billing().close_all(OPERATOR)]
    for holder in holders:
        await charged(gateway, holder, 2)
    paid = await asyncio.gather(*(pay(each.caller, None, None, OPERATOR) for each in holders))

    numbers = [each.number for each in closed]
    numbers += [each.number for one in paid for each in one.statements]
    assert sorted(numbers) == [f"PLG-2023-0000{n:02}" for n in range(1, 13)]
    check(gateway)
