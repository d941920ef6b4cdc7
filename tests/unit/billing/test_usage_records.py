"""Which usage records are listed, and in which order."""

from dataclasses import replace

import pytest

from plg.application.ledger.list_usage_records import ListUsageRecords, RecordQuery
from plg.application.ledger.read_statement_records import ReadStatementRecords
from plg.domain.errors import InsufficientScope, NotFound
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, BEN, TARIFF
from tests.unit.billing.paying import ACTOR, EVERYTHING, Paying, paid


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
        page = await paying.records(paying.ana, RecordQuery(before=before), limit=2)
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
        query = RecordQuery(record_key="rare", before=before)
        page = await records(paying.ana, query, limit=2)
        found += [each.record.sequence for each in page.records]
        before, pages = page.next_before, pages + 1

    assert (found, pages) == ([1], 3)


async def test_records_are_filtered(paying: Paying) -> None:
    number = await paid(paying)
    paying.clock.advance(10)
    paying.use()
    micros = round(NOON * 1_000_000)
    wishes = {
        "since": RecordQuery(since=micros + 1),
        "until": RecordQuery(until=micros + 1),
        "key": RecordQuery(key_id="other"),
        "record": RecordQuery(record_key="123456"),
        "statement": RecordQuery(statement=number),
        "before": RecordQuery(statement=number, before=2),
    }
    found = {
        name: [
            each.record.sequence
            for each in (await paying.records(paying.ana, query, limit=9)).records
        ]
        for name, query in wishes.items()
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
                await paying.records(paying.ana, RecordQuery(statement=each.number), limit=9)
            ).records
        ]
        for each in (euro, dollar)
    ]

    assert found == [[(1, euro.number)], [(2, dollar.number)]]


async def test_a_credit_note_has_no_records(paying: Paying) -> None:
    note = await paying.credit(await paid(paying), "broken", None, ACTOR)
    page = await paying.records(paying.ana, RecordQuery(statement=note.number), limit=9)

    assert (page.records, page.next_before) == ([], None)


async def test_records_are_those_of_the_own_account(paying: Paying) -> None:
    number = await paid(paying)
    paying.use(account=BEN)
    mine = await paying.records(paying.ana, EVERYTHING, limit=9)
    bens = await paying.records(paying.admin, RecordQuery(account_id=BEN), limit=9)
    of_statement = await paying.records(paying.admin, RecordQuery(statement=number), limit=9)

    assert {each.record.account_id for each in mine.records} == {ANA}
    assert {each.record.account_id for each in bens.records} == {BEN}
    assert len(of_statement.records) == 2
    for caller, query, failure in (
        (paying.ana, RecordQuery(account_id=BEN), InsufficientScope),
        (paying.ben, RecordQuery(statement=number), NotFound),
        (paying.admin, RecordQuery(statement=number, account_id=BEN), NotFound),
        (paying.admin, RecordQuery(account_id="nobody"), NotFound),
    ):
        with pytest.raises(failure):
            await paying.records(caller, query, limit=9)


async def test_the_records_of_a_statement_are_read_in_pages(paying: Paying) -> None:
    await paid(paying, times=1)
    number = await paid(paying, times=7)
    records = await ReadStatementRecords(paying.work, page=3)(paying.ana, number)
    pages = [[each.sequence for each in page] async for page in records.pages()]

    assert pages == [[2, 3, 4], [5, 6, 7], [8]]
