"""Show, list and credit statements, and read their records."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from plg.application.billing.list_usage_records import ListUsageRecords, RecordWish
from plg.application.billing.read_statement_records import ReadStatementRecords
from plg.domain.audit import Action
from plg.domain.errors import InsufficientScope, InvalidParameter, NotFound
from plg.domain.money import Currency
from plg.domain.periods import Period
from plg.domain.plans import Metered
from plg.domain.statements import CreditedLine, StatementKind
from tests.fakes.clock import NOON
from tests.fakes.memory_plans import PREMIUM
from tests.fakes.usage import ANA, BEN, CENT, TARIFF
from tests.unit.billing.paying import ACTOR, Paying

NUMBER = "PLG-2023-000001"
EVERYTHING = RecordWish()


async def paid(paying: Paying, times: int = 2) -> str:
    paying.use(times)
    (statement,) = await paying.pay()
    return statement.number


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


async def test_records_are_listed_newest_first_with_their_statement(paying: Paying) -> None:
    number = await paid(paying)
    paying.use()
    page = await paying.records(paying.ana, EVERYTHING, limit=9)

    assert [(each.record.sequence, each.statement) for each in page.records] == [
        (3, None),
        (2, number),
        (1, number),
    ]
    assert page.next_before is None


async def test_records_come_in_pages(paying: Paying) -> None:
    paying.use(5)
    found, before = [], None
    while True:
        page = await paying.records(paying.ana, RecordWish(before=before), limit=2)
        found.append([each.record.sequence for each in page.records])
        before = page.next_before
        if before is None:
            break

    assert found == [[5, 4], [3, 2], [1]]


async def test_what_is_filtered_out_is_looked_through_part_by_part(paying: Paying) -> None:
    records = ListUsageRecords(paying.work, scanned_max=4)
    paying.use(metered=Metered.MISS)
    wanted = paying.work.tables.usage[ANA, 1]._replace(record_key="rare")
    paying.work.tables.usage[ANA, 1] = wanted
    paying.use(9)
    found, pages, before = [], 0, None
    while pages == 0 or before is not None:
        wish = RecordWish(record_key="rare", before=before)
        page = await records(paying.ana, wish, limit=2)
        found += [each.record.sequence for each in page.records]
        before, pages = page.next_before, pages + 1

    assert (found, pages) == ([1], 3)


async def test_records_are_filtered(paying: Paying) -> None:
    number = await paid(paying)
    paying.clock.advance(10)
    paying.use()
    micros = round(NOON * 1_000_000)
    wishes = {
        "since": RecordWish(since=micros + 1),
        "until": RecordWish(until=micros + 1),
        "key": RecordWish(key_id="other"),
        "record": RecordWish(record_key="123456"),
        "statement": RecordWish(statement=number),
        "before": RecordWish(statement=number, before=2),
    }
    found = {
        name: [
            each.record.sequence
            for each in (await paying.records(paying.ana, wish, limit=9)).records
        ]
        for name, wish in wishes.items()
    }

    assert found == {
        "since": [3],
        "until": [2, 1],
        "key": [],
        "record": [3, 2, 1],
        "statement": [2, 1],
        "before": [1],
    }


async def test_a_statement_lists_the_records_of_its_currency(paying: Paying) -> None:
    dollars = replace(TARIFF, currency=Currency("USD"))
    paying.use()
    paying.use(tariff=dollars)
    euro, dollar = await paying.pay()
    found = [
        [
            (each.record.sequence, each.statement)
            for each in (
                await paying.records(paying.ana, RecordWish(statement=each.number), limit=9)
            ).records
        ]
        for each in (euro, dollar)
    ]

    assert found == [[(1, euro.number)], [(2, dollar.number)]]


async def test_a_credit_note_has_no_records(paying: Paying) -> None:
    note = await paying.credit(await paid(paying), "broken", None, ACTOR)
    page = await paying.records(paying.ana, RecordWish(statement=note.number), limit=9)

    assert (page.records, page.next_before) == ([], None)


async def test_records_are_those_of_the_own_account(paying: Paying) -> None:
    number = await paid(paying)
    paying.use(account=BEN)
    mine = await paying.records(paying.ana, EVERYTHING, limit=9)
    bens = await paying.records(paying.admin, RecordWish(account_id=BEN), limit=9)
    of_statement = await paying.records(paying.admin, RecordWish(statement=number), limit=9)

    assert {each.record.account_id for each in mine.records} == {ANA}
    assert {each.record.account_id for each in bens.records} == {BEN}
    assert len(of_statement.records) == 2
    for caller, wish, failure in (
        (paying.ana, RecordWish(account_id=BEN), InsufficientScope),
        (paying.ben, RecordWish(statement=number), NotFound),
        (paying.admin, RecordWish(statement=number, account_id=BEN), NotFound),
        (paying.admin, RecordWish(account_id="nobody"), NotFound),
    ):
        with pytest.raises(failure):
            await paying.records(caller, wish, limit=9)


async def test_the_records_of_a_statement_are_read_in_pages(paying: Paying) -> None:
    await paid(paying, times=1)
    number = await paid(paying, times=7)
    records = await ReadStatementRecords(paying.work, page=3)(paying.ana, number)
    pages = [[each.sequence for each in page] async for page in records.pages()]

    assert pages == [[2, 3, 4], [5, 6, 7], [8]]


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
