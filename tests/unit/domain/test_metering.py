"""How billable answers are counted, limited and priced."""

from dataclasses import replace

import pytest

from plg.domain.errors import QuotaExceeded
from plg.domain.ledger.usage import Counted, UsageRecord
from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.plans.plans import Metered, Unit
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, CENT, asked, charge, release, reserve, settle, tariff_of
from tests.unit.domain.metered import CAR, DAY, VAN, Customer


@pytest.fixture
def account() -> Customer:
    return Customer()


def test_a_charge_is_the_next_record_with_all_that_it_is_about(account: Customer) -> None:
    account(charge(asked(1)))
    account(charge(asked(2), Metered.MISS))

    assert account.records[1] == UsageRecord(
        ANA, 2, asked(2).id, round(NOON * 1_000_000), DAY, "01KEY00000000000000000000K", "players",
        "123456", "miss", 1, 10 * CENT, "EUR", "basic", 1, "req-2", 1, 0, None, 1,
    )  # fmt: skip


def test_a_charge_tells_number_price_and_what_is_left(account: Customer) -> None:
    counted = account.counted(charge(asked(1, tariff=tariff_of(requests=3, vins=2))))

    assert counted == Counted(1, 5 * CENT, 2, DAY_SECONDS - NOON % DAY_SECONDS, False, 2)


def test_without_quotas_nothing_is_left_to_tell(account: Customer) -> None:
    counted = account.counted(charge(asked(1)))

    assert (counted.left_today, counted.vins_left_today) == (None, None)


@pytest.mark.parametrize("metered", [Metered.NOT_FOUND, Metered.NOT_MODIFIED])
def test_what_carries_no_data_is_free_and_not_recorded(account: Customer, metered: Metered) -> None:
    counted = account.counted(charge(asked(1, tariff=tariff_of(requests=1)), metered))

    assert (counted.sequence, counted.amount, counted.left_today) == (None, 0, 1)
    assert account.records == []


@pytest.mark.parametrize("metered", [Metered.NOT_FOUND, Metered.NOT_MODIFIED])
def test_what_carries_no_data_is_recorded_where_it_has_a_price_and_counts_for_no_quota(
    account: Customer, metered: Metered
) -> None:
    tariff = tariff_of(requests=1, prices={metered: CENT})
    counted = account.counted(charge(asked(1, tariff=tariff), metered))

    assert (counted.sequence, counted.amount, counted.left_today) == (1, CENT, 1)
    assert account.records[0].requests == 0


def test_what_carries_data_is_recorded_even_where_it_costs_nothing(account: Customer) -> None:
    tariff = tariff_of(requests=1, prices={Metered.HIT: 0})

    assert account.counted(charge(asked(1, tariff=tariff))).left_today == 0
    assert [record.unit_price for record in account.records] == [0]


def test_the_last_request_of_a_day_is_given_once(account: Customer) -> None:
    tariff = tariff_of(requests=2)
    account(charge(asked(1, tariff=tariff)))
    account(charge(asked(2, tariff=tariff)))

    assert account.refused(charge(asked(3, tariff=tariff))) == "daily"
    assert account.refused(reserve(asked(3, tariff=tariff))) == "daily"


def test_a_quota_of_a_resource_counts_beside_the_plans(account: Customer) -> None:
    tariff = tariff_of(requests=3, resource_requests={"players": 2})
    product = asked(3, tariff=tariff)._replace(resource="products")
    first = account.counted(charge(asked(1, tariff=tariff)))
    account(reserve(asked(2, tariff=tariff)))

    assert (first.left_today, first.resource_left_today) == (2, 1)
    assert account.refused(charge(asked(4, tariff=tariff))) == "daily:players"
    other = account.counted(charge(product))
    assert (other.left_today, other.resource_left_today) == (0, None)
    account(release(asked(2, tariff=tariff)))
    assert account.counted(charge(asked(5, tariff=tariff))).resource_left_today == 0
    assert account.refused(charge(product)) == "daily"


def test_a_refusal_says_when_the_next_day_begins(account: Customer) -> None:
    refusal = account(charge(asked(1, tariff=tariff_of(requests=0), at=NOON)))

    assert isinstance(refusal, QuotaExceeded)
    assert refusal.retry_after == DAY_SECONDS - NOON % DAY_SECONDS


def test_a_day_in_utc_begins_anew(account: Customer) -> None:
    tariff = tariff_of(requests=1)
    account(charge(asked(1, tariff=tariff)))
    midnight = (DAY + 1) * DAY_SECONDS

    assert account.refused(charge(asked(2, tariff=tariff, at=midnight - 0.001))) == "daily"
    assert account.counted(charge(asked(3, tariff=tariff, at=midnight))).left_today == 0


def test_what_is_reserved_is_not_given_to_another(account: Customer) -> None:
    tariff = tariff_of(requests=1)

    assert account.counted(reserve(asked(1, tariff=tariff))).left_today == 0
    assert account.refused(charge(asked(2, tariff=tariff))) == "daily"
    assert account.records == []


def test_what_is_settled_is_recorded_and_not_counted_twice(account: Customer) -> None:
    tariff = tariff_of(requests=2)
    account(reserve(asked(1, tariff=tariff)))

    counted = account.counted(settle(asked(1, tariff=tariff)))
    assert (counted.sequence, counted.amount, counted.left_today) == (1, 10 * CENT, 1)
    assert not account.meter.reservations


def test_what_is_released_is_given_back(account: Customer) -> None:
    tariff = tariff_of(requests=1)
    account(reserve(asked(1, tariff=tariff)))

    assert account.counted(release(asked(1, tariff=tariff))) == account.counted(
        release(asked(1, tariff=tariff))
    )
    assert account.counted(charge(asked(2, tariff=tariff))).left_today == 0


def test_what_is_settled_without_data_is_given_back(account: Customer) -> None:
    tariff = tariff_of(requests=1)
    account(reserve(asked(1, tariff=tariff)))

    counted = account.counted(settle(asked(1, tariff=tariff), Metered.NOT_FOUND))
    assert (counted.sequence, counted.left_today) == (None, 1)


def test_an_answer_after_midnight_counts_on_the_day_it_was_reserved(
    account: Customer,
) -> None:
    late = asked(1, at=(DAY + 1) * DAY_SECONDS - 0.5)
    account(reserve(late))
    account(settle(late))

    assert account.records[0].day == DAY


def test_a_settlement_whose_unit_was_given_back_is_decided_anew(account: Customer) -> None:
    tariff = tariff_of(requests=1)

    assert account.counted(settle(asked(1, tariff=tariff))).left_today == 0
    assert account.refused(settle(asked(2, tariff=tariff))) == "daily"


def test_a_settlement_keeps_what_was_promised_though_others_used_the_rest(
    account: Customer,
) -> None:
    account(reserve(asked(1, tariff=tariff_of(requests=2, cap=20 * CENT))))
    account(charge(asked(2, tariff=tariff_of(requests=2, cap=20 * CENT))))

    assert account.counted(settle(asked(1, tariff=tariff_of(requests=0)))).sequence == 2


class TestVehicles:
    """Distinct vehicles a day, and what costs per vehicle."""

    def test_a_vehicle_counts_once_a_day(self, account: Customer) -> None:
        tariff = tariff_of(vins=2)
        left = [
            account.counted(charge(asked(number, vin=vin, tariff=tariff))).vins_left_today
            for number, vin in enumerate([CAR, CAR, VAN, CAR])
        ]

        assert left == [1, 1, 0, 0]
        assert account.used == (4, 2)

    def test_the_last_vehicle_of_a_day_is_given_once(self, account: Customer) -> None:
        tariff = tariff_of(vins=1)
        account(charge(asked(1, vin=CAR, tariff=tariff)))

        assert account.refused(charge(asked(2, vin=VAN, tariff=tariff))) == "vins"
        assert account.counted(charge(asked(3, vin=CAR, tariff=tariff))).sequence == 2
        assert account.counted(charge(asked(4, tariff=tariff))).sequence == 3

    def test_a_reserved_vehicle_counts_once(self, account: Customer) -> None:
        tariff = tariff_of(vins=1)
        account(reserve(asked(1, vin=CAR, tariff=tariff)))

        assert account.counted(reserve(asked(2, vin=CAR, tariff=tariff))).vins_left_today == 0
        assert account.refused(reserve(asked(3, vin=VAN, tariff=tariff))) == "vins"
        account(settle(asked(1, vin=CAR, tariff=tariff)))
        account(settle(asked(2, vin=CAR, tariff=tariff)))
        assert account.used == (2, 1)

    def test_a_vehicle_that_was_released_is_given_back(self, account: Customer) -> None:
        tariff = tariff_of(vins=1)
        for number in (1, 2):
            account(reserve(asked(number, vin=CAR, tariff=tariff)))
        account(release(asked(1, vin=CAR, tariff=tariff)))
        assert account.refused(charge(asked(3, vin=VAN, tariff=tariff))) == "vins"
        account(release(asked(2, vin=CAR, tariff=tariff)))

        assert account.counted(charge(asked(4, vin=VAN, tariff=tariff))).vins_left_today == 0

    def test_a_key_counts_once_in_each_space(self, account: Customer) -> None:
        tariff = tariff_of(vins=2)
        part = asked(2, vin=CAR, tariff=tariff)._replace(space="sku")
        account(charge(asked(1, vin=CAR, tariff=tariff)))
        account(charge(part))
        account(charge(part._replace(resource="prices")))

        assert account.used == (3, 2)
        assert account.refused(charge(part._replace(record_key=VAN))) == "vins"

    def test_a_record_that_is_taken_back_is_seen_in_its_space_no_more(
        self, account: Customer
    ) -> None:
        part = asked(2, vin=CAR)._replace(space="sku")
        account(charge(asked(1, vin=CAR)))
        account(charge(part))
        account.void(account.records[1])

        assert account.used == (1, 1)
        assert [place for _, place in account.meter.seen] == [("vin", CAR)]

    def test_what_is_not_found_is_no_vehicle(self, account: Customer) -> None:
        tariff = tariff_of(vins=1, prices={Metered.NOT_FOUND: CENT})
        account(charge(asked(1, vin=CAR, tariff=tariff), Metered.NOT_FOUND))

        assert account.used == (0, 0)
        assert account.counted(charge(asked(2, vin=VAN, tariff=tariff))).vins_left_today == 0

    def test_per_vehicle_the_first_call_of_a_day_costs_and_later_ones_do_not(
        self, account: Customer
    ) -> None:
        tariff = tariff_of(unit=Unit.VIN)
        for number, vin in enumerate([CAR, CAR, VAN]):
            account(charge(asked(number, vin=vin, tariff=tariff)))
        tomorrow = asked(9, vin=CAR, tariff=tariff, at=NOON + DAY_SECONDS)
        account(charge(tomorrow))

        paid = [(record.units, record.unit_price) for record in account.records]
        assert paid == [(1, 5 * CENT), (0, 0), (1, 5 * CENT), (1, 5 * CENT)]

    def test_per_vehicle_two_misses_at_once_cost_one(self, account: Customer) -> None:
        tariff = tariff_of(unit=Unit.VIN)
        for number in (1, 2):
            account(reserve(asked(number, vin=CAR, tariff=tariff)))
        amounts = [
            account.counted(settle(asked(number, vin=CAR, tariff=tariff))).amount
            for number in (1, 2)
        ]

        assert amounts == [10 * CENT, 0]

    def test_per_vehicle_what_is_no_vehicle_costs_each_time(self, account: Customer) -> None:
        tariff = tariff_of(unit=Unit.VIN, prices={Metered.NOT_FOUND: CENT})
        account(charge(asked(1, tariff=tariff)))
        account(charge(asked(2, tariff=tariff)))
        account(charge(asked(3, vin=CAR, tariff=tariff)))
        account(charge(asked(4, vin=CAR, tariff=tariff), Metered.NOT_FOUND))

        assert [record.units for record in account.records] == [1, 1, 1, 1]


class TestSpendCaps:
    """What may be spent until the next statement."""

    def test_a_cap_is_reached_exactly(self, account: Customer) -> None:
        tariff = tariff_of(cap=10 * CENT)
        account(charge(asked(1, tariff=tariff)))
        account(charge(asked(2, tariff=tariff)))

        assert account.refused(charge(asked(3, tariff=tariff))) == "spend"

    def test_who_has_reached_the_cap_is_told_what_helps(self, account: Customer) -> None:
        tariff = tariff_of(cap=CENT)
        account(charge(asked(1, tariff=tariff)))

        refusal = str(account(charge(asked(2, tariff=tariff))))
        assert "once it is raised, or the month ends" in refusal

    def test_what_is_free_is_given_beyond_the_cap(self, account: Customer) -> None:
        account(charge(asked(1, tariff=tariff_of(cap=5 * CENT))))

        free = tariff_of(cap=CENT, prices={Metered.HIT: 0})
        assert account.counted(charge(asked(2, tariff=free))).sequence == 2

    def test_a_reservation_holds_its_highest_price(self, account: Customer) -> None:
        tariff = tariff_of(cap=12 * CENT)
        account(reserve(asked(1, tariff=tariff)))

        assert account.refused(charge(asked(2, tariff=tariff))) == "spend"
        account(settle(asked(1, tariff=tariff), Metered.STALE))
        assert account.counted(charge(asked(3, tariff=tariff))).sequence == 2

    def test_another_currency_has_a_sum_of_its_own(self, account: Customer) -> None:
        account.meter.spent["USD"] = 100 * CENT

        assert account.counted(charge(asked(1, tariff=tariff_of(cap=5 * CENT)))).sequence == 1


def test_an_answer_costs_what_its_resource_costs(account: Customer) -> None:
    tariff = replace(tariff_of(), resource_prices={"products": dict.fromkeys(Metered, 2)})
    product = asked(1, tariff=tariff)._replace(resource="products")

    assert account.counted(charge(product)).amount == 2
    assert account.counted(charge(asked(2, tariff=tariff))).amount == tariff.prices[Metered.HIT]
