"""`UsagePort`, kept by every durable database."""

from dataclasses import replace
from typing import Final

from plg.application.ports.ledger.usage import DayUse, LedgerEnd, RecordFilter, ResourceUse
from plg.domain.ledger.comparisons import Tally
from plg.domain.ledger.statements import UsageSum
from plg.domain.ledger.usage import LineKey, UsageRecord, day_of
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered, Unit
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, BEN, CENT, TARIFF, asked, charge, release, reserve, tariff_of
from tests.integration.contracts.books import Booked
from tests.integration.contracts.works import undone

TODAY: Final = day_of(NOON)
VIN: Final = "WVWZZZ1KZAW000001"
OTHER_VIN: Final = "WVWZZZ1KZAW000002"
DOLLARS: Final = replace(TARIFF, currency=Currency("USD"), plan_code="global", plan_version=3)
EVERYTHING: Final = RecordFilter()
MICROS: Final = round(NOON * 1_000_000)


def line(metered: str = "hit", price: int = 5 * CENT, account: str = ANA) -> LineKey:
    return LineKey(account, "EUR", "players", metered, price, "basic", 1)


async def end(booked: Booked, account: str = ANA) -> LedgerEnd | None:
    async with booked.work.look() as work:
        return await work.usage.end(account)


async def unbilled(booked: Booked, account: str = ANA) -> list[UsageSum]:
    async with booked.work.look() as work:
        return await work.usage.unbilled(account)


async def used(booked: Booked, day: int = TODAY, now: float = NOON) -> DayUse:
    async with booked.work.look() as work:
        return await work.usage.on(ANA, day, now)


async def records(
    booked: Booked, wanted: RecordFilter = EVERYTHING, *, first: int = 1, last: int = 99, n: int = 9
) -> list[UsageRecord]:
    async with booked.work.look() as work:
        return await work.usage.records(ANA, first, last, wanted, n)


async def sequences(booked: Booked, wanted: RecordFilter) -> list[int]:
    return [each.sequence for each in await records(booked, wanted)]


async def test_who_has_used_nothing_has_nothing(booked: Booked) -> None:
    assert (await end(booked), await unbilled(booked)) == (None, [])
    assert await used(booked) == DayUse(0, 0, 0, 0)
    assert await records(booked) == []


async def test_the_end_is_that_of_the_accounts_own_chain(booked: Booked) -> None:
    booked.write(charge(asked(1)), charge(asked(2, account=BEN)))
    first = await end(booked)
    booked.write(charge(asked(3)))
    second = await end(booked)

    assert first is not None
    assert second is not None
    assert (first.last_sequence, second.last_sequence, second.billed_to) == (1, 2, 0)
    assert len({first.head, second.head}) == 2
    assert len(second.head) == 32


async def test_what_is_unbilled_is_summed_up_by_line(booked: Booked) -> None:
    booked.write(
        charge(asked(1)),
        charge(asked(2)),
        charge(asked(3), Metered.MISS),
        charge(asked(4, tariff=DOLLARS)),
        charge(asked(5, account=BEN)),
    )

    assert await unbilled(booked) == [
        UsageSum(line(), 2, 2),
        UsageSum(line("miss", 10 * CENT), 1, 1),
        UsageSum(LineKey(ANA, "USD", "players", "hit", 5 * CENT, "global", 3), 1, 1),
    ]


async def test_what_was_taken_back_is_not_in_the_sums(booked: Booked) -> None:
    booked.write(charge(asked(1)), charge(asked(2)))
    booked.take_back(asked(1).id)

    assert await unbilled(booked) == [UsageSum(line(), 1, 1)]


async def test_what_is_closed_is_unbilled_no_more(booked: Booked) -> None:
    booked.write(charge(asked(1)), charge(asked(2)), charge(asked(3, account=BEN)))
    async with booked.work.change() as work:
        await work.usage.close(ANA, 2)
    closed = await end(booked)
    booked.write(charge(asked(4)))
    after = await end(booked)

    assert closed is not None
    assert after is not None
    assert (closed.last_sequence, closed.billed_to) == (2, 2)
    assert (after.last_sequence, after.billed_to) == (3, 2)
    assert await unbilled(booked) == [UsageSum(line(), 1, 1)]
    assert await unbilled(booked, BEN) == [UsageSum(line(account=BEN), 1, 1)]


async def test_a_closing_that_is_undone_leaves_all_unbilled(booked: Booked) -> None:
    booked.write(charge(asked(1)))
    before = (await end(booked), await unbilled(booked))
    await undone(booked.work, lambda work: work.usage.close(ANA, 1))

    assert (await end(booked), await unbilled(booked)) == before


async def test_a_day_counts_answers_and_vehicles(booked: Booked) -> None:
    tomorrow = asked(4, at=NOON + 86400)
    booked.write(
        charge(asked(1, vin=VIN)),
        charge(asked(2, vin=VIN)),
        charge(asked(3), Metered.NOT_FOUND),
        charge(tomorrow),
    )

    vehicles, players = ResourceUse(2), ResourceUse(1)
    assert await used(booked) == DayUse(2, 1, 0, 0, {"static-data": vehicles})
    assert await used(booked, TODAY + 1) == DayUse(1, 0, 0, 0, {"players": players})


async def test_a_day_tells_what_is_reserved_until_its_deadline(booked: Booked) -> None:
    booked.write(
        charge(asked(1, vin=VIN)),
        reserve(asked(2, vin=VIN)),
        reserve(asked(3, vin=OTHER_VIN)),
        reserve(asked(4, vin=OTHER_VIN), deadline=60),
        reserve(asked(5)),
    )

    both = {"players": ResourceUse(0, 1), "static-data": ResourceUse(1, 3)}
    assert await used(booked) == DayUse(1, 1, 4, 1, both)
    one = {"static-data": ResourceUse(1, 1)}
    assert await used(booked, now=NOON + 30) == DayUse(1, 1, 1, 1, one)
    booked.write(release(asked(4, vin=OTHER_VIN)))
    assert await used(booked, now=NOON + 30) == DayUse(1, 1, 0, 0, {"static-data": ResourceUse(1)})


async def test_a_record_counts_once_for_all_resources_of_its_space(booked: Booked) -> None:
    products = asked(1, vin="AB-1")._replace(resource="products", space="sku")
    booked.write(
        charge(products),
        charge(asked(2, vin="AB-1")._replace(resource="prices", space="sku")),
        charge(asked(3, vin="AB-1")),
    )

    each = ResourceUse(1)
    found = {"prices": each, "products": each, "static-data": each}
    assert await used(booked) == DayUse(3, 2, 0, 0, found)
    booked.take_back(products.id)
    del found["products"]
    after = await used(booked)
    assert (after.requests, after.vins) == (2, 1)
    booked.write(charge(asked(4, vin="AB-1")))
    assert (await used(booked)).vins == 1  # that of the other space was not forgotten


async def test_records_tell_when_they_were(booked: Booked) -> None:
    booked.write(charge(asked(1)), charge(asked(2, at=NOON + 1.5)))

    async with booked.work.look() as work:
        assert await work.usage.times(ANA, (2, 1)) == [MICROS + 1_500_000, MICROS]
        assert await work.usage.times(ANA, (1, 1)) == [MICROS, MICROS]


async def test_records_come_newest_first_as_they_were_written(booked: Booked) -> None:
    booked.write(charge(asked(1)), charge(asked(2, vin=VIN)), charge(asked(3, account=BEN)))
    booked.take_back(asked(1).id)
    found = await records(booked)

    assert [each.sequence for each in found] == [3, 2, 1]
    assert found[2] == (
        *(ANA, 1, asked(1).id, MICROS, TODAY, "01KEY00000000000000000000K", "players", "123456"),
        *("hit", 1, 5 * CENT, "EUR", "basic", 1, "req-1", 1, 0, None, 1),
    )
    assert (found[0].units, found[0].voids, found[0].id) == (-1, 1, "01VOID")
    assert (found[1].record_key, found[1].vins) == (VIN, 1)


async def test_records_come_within_bounds(booked: Booked) -> None:
    booked.write(*(charge(asked(number)) for number in range(1, 7)))

    assert [each.sequence for each in await records(booked, first=2, last=4)] == [4, 3, 2]
    assert [each.sequence for each in await records(booked, first=2, last=4, n=2)] == [4, 3]


async def test_records_are_filtered(booked: Booked) -> None:
    booked.write(
        charge(asked(1, key="a")),
        charge(asked(2, key="b", at=NOON + 1)),
        charge(asked(3, key="b", tariff=DOLLARS, at=NOON + 2)),
        charge(asked(4)._replace(key_id="other")),
    )
    found = {
        "key": await sequences(booked, RecordFilter(key_id="other")),
        "record": await sequences(booked, RecordFilter(record_key="b")),
        "currency": await sequences(booked, RecordFilter(currency="USD")),
        "since": await sequences(booked, RecordFilter(since=MICROS + 1_000_000)),
        "until": await sequences(booked, RecordFilter(until=MICROS + 1_000_000)),
        "all of it": await sequences(booked, RecordFilter(record_key="b", currency="EUR")),
    }

    assert found == {
        "key": [4],
        "record": [3, 2],
        "currency": [3],
        "since": [3, 2],
        "until": [4, 1],
        "all of it": [2],
    }


async def test_accounts_come_by_id(booked: Booked) -> None:
    booked.write(charge(asked(1, account=BEN)), charge(asked(2)), charge(asked(3)))
    async with booked.work.change() as work:
        all_ = await work.usage.with_unbilled(None, 9)
        pages = [await work.usage.with_unbilled(after, 1) for after in (None, ANA, BEN)]
        await work.usage.close(ANA, 2)
        left = await work.usage.with_unbilled(None, 9)
        accounts = await work.usage.accounts(None, 9)
        after = await work.usage.accounts(ANA, 1)

    assert (all_, pages, left) == ([ANA, BEN], [[ANA], [BEN], []], [BEN])
    assert (accounts, after) == ([ANA, BEN], [BEN])


async def test_tallies_count_what_was_used_in_some_time(booked: Booked) -> None:
    per_vin = tariff_of(unit=Unit.VIN)
    booked.write(
        charge(asked(1)),
        charge(asked(2, at=NOON + 1)),
        charge(asked(3, vin=VIN, tariff=per_vin, at=NOON + 1)),
        charge(asked(4, vin=VIN, tariff=per_vin, at=NOON + 1)),
        charge(asked(5, at=NOON + 2)),
    )
    booked.take_back(asked(1).id)
    async with booked.work.look() as work:
        found = await work.usage.tallies(ANA, MICROS + 1_000_000, MICROS + 2_000_000)
        everything = await work.usage.tallies(ANA, 0, MICROS * 2)

    assert found == [
        Tally("players", "hit", "EUR", 5 * CENT, "basic", 1, 1, 1, 0),
        Tally("static-data", "hit", "EUR", 0, "basic", 1, 0, 1, 0),
        Tally("static-data", "hit", "EUR", 5 * CENT, "basic", 1, 1, 1, 1),
    ]
    assert everything[0] == Tally("players", "hit", "EUR", 5 * CENT, "basic", 1, 2, 2, 0)
