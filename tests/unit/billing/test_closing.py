"""Close usage into statements, of one account and of all."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.audit import Action
from plg.domain.errors import InsufficientScope, NotFound, StorageUnavailable
from plg.domain.identity.access import Caller
from plg.domain.identity.accounts import USER_SCOPES
from plg.domain.ledger.statements import Line, Span, StatementKind, UsageSum
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, BEN, CENT, TARIFF, tariff_of
from tests.unit.billing.paying import ACTOR, Paying

DOLLARS = replace(TARIFF, currency=Currency("USD"))
FREE = tariff_of(prices=dict.fromkeys(Metered, 0))
MICROS = round(NOON * 1_000_000)


async def test_a_statement_has_all_that_was_used(paying: Paying) -> None:
    paying.use(3)
    paying.clock.advance(60)
    paying.use(2, metered=Metered.MISS)
    paying.clock.advance(60)
    (statement,) = await paying.pay()

    assert (statement.number, statement.kind) == ("PLG-2023-000001", StatementKind.STATEMENT)
    assert statement.lines == (
        Line("players", "hit", 5 * CENT, "basic", 1, 3, 3, 15 * CENT),
        Line("players", "miss", 10 * CENT, "basic", 1, 2, 2, 20 * CENT),
    )
    assert (statement.amount, statement.balance) == (35 * CENT, 35 * CENT)
    head = paying.work.tables.meters[ANA].head
    assert statement.span == Span(1, 5, MICROS, MICROS + 60_000_000, head)
    assert statement.closed_at == NOON + 120
    assert await paying.statement(paying.ana, statement.number) == statement


async def test_statements_follow_each_other(paying: Paying) -> None:
    for times in (3, 1):
        paying.use(times)
        await paying.pay()
    paying.use(account=BEN)
    (bens,) = await paying.pay(paying.ben)
    second, first = await paying.statements(paying.ana, None, limit=9)

    assert [each.number[-1] for each in (first, second, bens)] == ["1", "2", "3"]
    assert first.span is not None
    assert second.span is not None
    assert (first.span.last, second.span.first, second.span.last) == (3, 4, 4)
    assert (first.balance, second.balance, bens.balance) == (15 * CENT, 20 * CENT, 5 * CENT)


async def test_who_has_used_nothing_has_nothing_to_pay(paying: Paying) -> None:
    paid = await paying.paying(paying.ana, None, None, ACTOR)

    assert (paid.statements, paid.currency) == ((), Currency("EUR"))
    assert paying.work.actions == []


async def test_closing_twice_gives_one_statement(paying: Paying) -> None:
    paying.use()

    assert [len(await paying.pay()) for _ in range(3)] == [1, 0, 0]


async def test_what_is_free_waits_for_what_is_not(paying: Paying) -> None:
    paying.use(2, tariff=FREE)
    nothing = await paying.pay()
    paying.use()
    (statement,) = await paying.pay()

    assert nothing == []
    assert [(line.unit_price, line.units) for line in statement.lines] == [(0, 2), (5 * CENT, 1)]
    assert len(await paying.in_statement(statement.number)) == 3


async def test_there_is_a_statement_for_each_currency(paying: Paying) -> None:
    paying.use(2)
    paying.use(3, tariff=DOLLARS)
    statements = await paying.pay()
    currencies = [
        [record.currency for record in await paying.in_statement(each.number)]
        for each in statements
    ]

    assert [(each.currency.code, each.amount) for each in statements] == [
        ("EUR", 10 * CENT),
        ("USD", 15 * CENT),
    ]
    assert currencies == [["EUR"] * 2, ["USD"] * 3]


async def test_what_is_taken_back_later_lowers_the_next_statement(paying: Paying) -> None:
    record_id = paying.use()
    await paying.pay()
    paying.take_back(record_id)
    nothing = await paying.pay()
    paying.use(2)
    (second,) = await paying.pay()

    assert nothing == []
    assert (second.lines[0].units, second.amount, second.balance) == (1, 5 * CENT, 10 * CENT)
    assert len(await paying.in_statement(second.number)) == 3


async def test_a_key_gives_the_same_statements_for_ever(paying: Paying) -> None:
    paying.use()
    first = await paying.pay(key="november")
    paying.use()
    paying.clock.advance(10 * 365 * 86400)
    again = await paying.pay(key="november")
    other = await paying.pay(key="december")

    assert again == first
    assert [each.number[-1] for each in other] == ["2"]


async def test_a_key_that_had_nothing_to_close_closes_nothing_later(paying: Paying) -> None:
    nothing = await paying.pay(key="k")
    paying.use()

    assert nothing == await paying.pay(key="k") == []
    assert len(await paying.pay(key="l")) == 1


async def test_a_key_is_the_accounts_own(paying: Paying) -> None:
    paying.use()
    paying.use(account=BEN)
    await paying.pay(key="k")
    (bens,) = await paying.pay(paying.ben, key="k")

    assert bens.account_id == BEN


@pytest.mark.parametrize("key", [None, "k"])
async def test_many_closings_at_once_give_one_statement(paying: Paying, key: str | None) -> None:
    paying.use(5)
    found = await asyncio.gather(*(paying.pay(key=key) for _ in range(20)))
    numbers = {each.number for statements in found for each in statements}

    assert numbers == {"PLG-2023-000001"}
    assert sum(map(len, found)) == (1 if key is None else 20)
    assert len(paying.work.tables.statements) == 1


async def test_a_closing_that_fails_takes_no_number(paying: Paying) -> None:
    paying.use()
    paying.work.is_down = True
    with pytest.raises(StorageUnavailable):
        await paying.pay()
    paying.work.is_down = False
    (statement,) = await paying.pay()

    assert statement.number == "PLG-2023-000001"


async def test_a_statement_that_is_lost_is_not_made_anew(paying: Paying) -> None:
    paying.use()
    await paying.pay(key="k")
    paying.work.tables.statements.clear()
    with pytest.raises(StorageUnavailable):
        await paying.pay(key="k")


async def test_closing_is_written_down(paying: Paying) -> None:
    paying.use()
    await paying.pay()
    (record,) = paying.work.audit_records

    assert (record.action, record.actor) == (Action.STATEMENT_CLOSED, ACTOR)
    assert record.target == "statement:PLG-2023-000001"
    assert record.details == {"account": ANA, "amount": "0.05 EUR"}


async def test_an_admin_closes_any_account(paying: Paying) -> None:
    paying.use()
    paid = await paying.paying(paying.admin, ANA, None, ACTOR)

    assert [each.account_id for each in paid.statements] == [ANA]


async def test_nobody_else_closes_an_account(paying: Paying) -> None:
    paying.use()
    with pytest.raises(InsufficientScope):
        await paying.paying(paying.ben, ANA, None, ACTOR)
    with pytest.raises(NotFound):
        await paying.paying(paying.admin, "nobody", None, ACTOR)
    with pytest.raises(NotFound):
        await paying.paying(Caller("service", USER_SCOPES), None, None, ACTOR)

    assert paying.work.tables.statements == {}


async def test_a_period_is_closed_for_everybody(paying: Paying) -> None:
    paying.use(2)
    paying.use(account=BEN)
    closed = await paying.closed()

    assert [each.account_id for each in closed] == [ANA, BEN]
    assert await paying.closed() == []
    assert len(paying.work.audit_records) == 2


async def test_a_period_is_closed_for_more_accounts_than_a_page_has(paying: Paying) -> None:
    ids = [f"01USER{number:020}" for number in range(205)]
    for account_id in ids:
        paying.use(account=account_id)
    closed = await paying.closed()

    assert [each.account_id for each in closed] == ids
    assert [each.position for each in closed] == list(range(1, 206))


async def test_who_used_only_what_is_free_holds_nobody_up(paying: Paying) -> None:
    paying.use(tariff=FREE)
    paying.use(account=BEN)

    assert [each.account_id for each in await paying.closed()] == [BEN]
    assert [each.account_id for each in await paying.closed()] == []


steps = st.lists(
    st.sampled_from(["hit", "miss", "vehicle", "free", "dollar", "void", "pay", "pay k"]),
    max_size=40,
)


@given(steps)
async def test_each_record_is_in_one_statement_and_lines_are_their_sums(steps: list[str]) -> None:
    paying = Paying()
    ids: list[str] = []
    for step in [*steps, "dollar", "hit", "pay"]:
        if step.startswith("pay"):
            await paying.pay(key=step.partition(" ")[2] or None)
        elif step == "void":
            if ids:
                paying.take_back(ids.pop())
        else:
            ids.append(_use(paying, step))
    statements = await paying.statements(paying.ana, None, limit=999)
    covered = [
        record.sequence
        for statement in statements
        for record in await paying.in_statement(statement.number)
    ]

    unbilled = paying.work.tables.meters[ANA].last_sequence - len(covered)
    assert sorted(covered) == list(range(1, len(covered) + 1))
    assert unbilled == 0 or await paying.pay() == []
    assert sorted(each.position for each in statements) == list(range(1, len(statements) + 1))
    for statement in statements:
        records = await paying.in_statement(statement.number)
        sums: dict[object, UsageSum] = {}
        for record in records:
            known = sums.get(record.line, UsageSum(record.line, 0, 0))
            step_ = 1 if record.voids is None else -1
            sums[record.line] = UsageSum(
                record.line, known.units + record.units, known.records + step_
            )
        recomputed = sorted(sums.values(), key=lambda each: each.key)
        assert statement.lines == tuple(Line.of(each) for each in recomputed)
        assert statement.amount == sum(line.amount for line in statement.lines)


def _use(paying: Paying, step: str) -> str:
    match step:
        case "miss":
            return paying.use(metered=Metered.MISS)
        case "free":
            return paying.use(tariff=FREE)
        case "dollar":
            return paying.use(tariff=DOLLARS)
        case "vehicle":
            return paying.use(vin="WVWZZZ1KZAW000001")
        case _:
            return paying.use()
