"""Show, list and credit statements, and read their records."""

import pytest

from plg.domain.audit import Action
from plg.domain.errors import InsufficientScope, InvalidParameter, NotFound
from plg.domain.ledger.statements import CreditedLine, StatementKind
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, BEN, CENT
from tests.unit.billing.paying import ACTOR, Paying, paid

NUMBER = "PLG-2023-000001"


async def test_a_statement_is_shown_to_its_account_and_to_admins(paying: Paying) -> None:
    number = await paid(paying)

    assert (await paying.statement(paying.ana, number)).number == number
    assert (await paying.statement(paying.admin, number)).number == number
    for caller, wanted in ((paying.ben, number), (paying.ana, "PLG-2023-000002")):
        with pytest.raises(NotFound):
            await paying.statement(caller, wanted)
        with pytest.raises(NotFound):
            await paying.covered(caller, wanted)


async def test_statements_are_listed_newest_first(paying: Paying) -> None:
    for _ in range(3):
        await paid(paying)
    first = await paying.statements(paying.ana, None, limit=2)
    rest = await paying.statements(paying.ana, None, before=first[-1].position, limit=2)

    assert [each.position for each in (*first, *rest)] == [3, 2, 1]
    assert await paying.statements(paying.ben, None, limit=2) == []


async def test_admins_list_the_statements_of_one_account_or_of_all(paying: Paying) -> None:
    await paid(paying)
    paying.use(account=BEN)
    await paying.pay(paying.ben)
    all_ = await paying.statements(paying.admin, "all", limit=9)
    anas = await paying.statements(paying.admin, ANA, limit=9)

    assert [each.account_id for each in all_] == [BEN, ANA]
    assert [each.account_id for each in anas] == [ANA]
    for wanted in ("all", BEN):
        with pytest.raises(InsufficientScope):
            await paying.statements(paying.ana, wanted, limit=9)


async def test_a_credit_note_gives_back_and_is_numbered_by_itself(paying: Paying) -> None:
    number = await paid(paying)
    paying.clock.advance(1)
    note = await paying.credit(number, " broken ", [CreditedLine(1, 3 * CENT)], ACTOR)
    rest = await paying.credit(number, "all of it", None, ACTOR)

    assert (note.number, rest.number) == ("PLG-CN-2023-000001", "PLG-CN-2023-000002")
    assert (note.kind, note.credited, note.reason) == (
        StatementKind.CREDIT_NOTE,
        number,
        "broken",
    )
    assert (note.amount, note.balance) == (-3 * CENT, 7 * CENT)
    assert (rest.amount, rest.balance) == (-7 * CENT, 0)
    assert (note.position, rest.position, note.closed_at) == (2, 3, NOON + 1)
    assert await paying.in_statement(note.number) == []
    record = paying.work.audit_records[-2]
    assert (record.action, record.target) == (
        Action.STATEMENT_CREDITED,
        "statement:PLG-CN-2023-000001",
    )
    assert record.details == {
        "account": ANA,
        "amount": "-0.03 EUR",
        "credited": number,
        "reason": "broken",
    }


async def test_a_key_gives_the_same_credit_note_of_its_statement_again(paying: Paying) -> None:
    first, second = await paid(paying), await paid(paying)
    cent = [CreditedLine(1, CENT)]
    note = await paying.credit(first, "broken", cent, ACTOR, "key")
    again = await paying.credit(first, "broken", cent, ACTOR, "key")
    other = await paying.credit(second, "broken", cent, ACTOR, "key")
    closed = await paying.paying(paying.ana, None, "key", ACTOR)

    assert again == note
    assert (note.number, other.number) == ("PLG-CN-2023-000001", "PLG-CN-2023-000002")
    assert (other.credited, closed.statements) == (second, ())


async def test_a_statement_stays_as_it_was_when_it_is_credited(paying: Paying) -> None:
    number = await paid(paying)
    before = await paying.statement(paying.ana, number)
    await paying.credit(number, "broken", None, ACTOR)

    assert await paying.statement(paying.ana, number) == before


async def test_a_credit_note_that_cannot_be_takes_no_number(paying: Paying) -> None:
    number = await paid(paying)
    for wanted in ([CreditedLine(1, 11 * CENT)], [CreditedLine(2)]):
        with pytest.raises(InvalidParameter):
            await paying.credit(number, "broken", wanted, ACTOR)
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(InvalidParameter):
            await paying.credit(number, reason, None, ACTOR)
    with pytest.raises(NotFound):
        await paying.credit("PLG-2023-000009", "broken", None, ACTOR)

    note = await paying.credit(number, "broken", None, ACTOR)
    assert note.number == "PLG-CN-2023-000001"


async def test_usage_tells_what_is_used_and_left(paying: Paying) -> None:
    paying.use(3)
    paying.use(vin="WVWZZZ1KZAW000001")
    paying.reserve()
    paying.reserve(vin="WVWZZZ1KZAW000002")
    usage = await paying.usage(paying.ana, None)

    assert (usage.account_id, usage.standing.plan.code) == (ANA, "basic")
    assert (usage.today.requests, usage.today.vins, usage.left_today) == (4, 1, 94)
    assert usage.vins_left_today is None
    assert sum(each.units for each in usage.unbilled) == 4


async def test_usage_of_another_day_is_no_longer_todays(paying: Paying) -> None:
    paying.use(3)
    paying.clock.advance(86400)
    usage = await paying.usage(paying.admin, ANA)

    assert (usage.today.requests, usage.left_today, len(usage.unbilled)) == (0, 100, 1)


async def test_what_is_owed_is_statements_less_credit_notes(paying: Paying) -> None:
    number = await paid(paying, times=4)
    await paying.credit(number, "broken", [CreditedLine(1, CENT)], ACTOR)
    paying.use()
    info = await paying.info(paying.ana, None)
    nothing = await paying.info(paying.admin, BEN)

    assert (info.account.id, info.standing.plan.code, info.currencies) == (ANA, "basic", ["EUR"])
    assert (info.due, info.unbilled) == ({"EUR": 19 * CENT}, {"EUR": 5 * CENT})
    assert (nothing.due, nothing.unbilled, nothing.currencies) == ({}, {}, ["EUR"])


async def test_nobody_else_sees_what_is_used_and_owed(paying: Paying) -> None:
    for show in (paying.usage, paying.info):
        with pytest.raises(InsufficientScope):
            await show(paying.ben, ANA)
