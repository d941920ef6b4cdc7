"""Idempotency keys, and records that are taken back."""

from collections.abc import Callable

import pytest

from plg.domain.errors import IdempotencyMismatch, QuotaExceeded
from plg.domain.ledger.metering import Undecided
from plg.domain.ledger.usage import Asked, Operation
from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.plans.plans import Metered, Unit
from tests.fakes.clock import NOON
from tests.fakes.usage import CENT, asked, charge, release, reserve, settle, tariff_of
from tests.unit.domain.metered import BUS, CAR, Customer


@pytest.fixture
def account() -> Customer:
    return Customer()


class TestIdempotency:
    """The same key for the same answer."""

    def test_the_same_again_is_the_old_record(self, account: Customer) -> None:
        tariff = tariff_of(requests=1, cap=5 * CENT)
        first = account.counted(charge(asked(1, tariff=tariff, idempotency_key="k")))
        again = account.counted(charge(asked(2, tariff=tariff, idempotency_key="k")))

        assert again == first._replace(is_repeat=True)
        assert len(account.records) == 1

    @pytest.mark.parametrize("operation", [charge, reserve])
    def test_another_record_is_a_mismatch(
        self, account: Customer, operation: Callable[[Asked], Operation]
    ) -> None:
        account(charge(asked(1, idempotency_key="k")))

        other = operation(asked(2, key="654321", idempotency_key="k"))
        assert isinstance(account(other), IdempotencyMismatch)
        assert len(account.records) == 1

    def test_another_etag_is_a_new_record_that_the_key_is_bound_to(self, account: Customer) -> None:
        account(charge(asked(1, idempotency_key="k")))
        account(charge(asked(2, idempotency_key="k"), etag='"v2"'))
        again = account.counted(charge(asked(3, idempotency_key="k"), etag='"v2"'))

        assert (again.sequence, again.is_repeat, len(account.records)) == (2, True, 2)

    def test_a_key_is_forgotten_after_a_day(self, account: Customer) -> None:
        account(charge(asked(1, idempotency_key="k")))
        at = NOON + DAY_SECONDS

        assert account.counted(charge(asked(2, idempotency_key="k", at=at - 1))).is_repeat
        assert not account.counted(charge(asked(3, idempotency_key="k", at=at))).is_repeat

    def test_what_is_free_binds_no_key(self, account: Customer) -> None:
        account(charge(asked(1, idempotency_key="k"), Metered.NOT_FOUND))

        assert account.counted(charge(asked(2, key="654321", idempotency_key="k"))).sequence == 1

    @pytest.mark.parametrize("operation", [charge, reserve])
    def test_while_the_first_is_in_flight_the_second_is_not_decided(
        self, account: Customer, operation: Callable[[Asked], Operation]
    ) -> None:
        account(reserve(asked(1, idempotency_key="k")))

        assert account(operation(asked(2, idempotency_key="k"))) is Undecided.IN_FLIGHT

    def test_a_repeat_that_asks_the_source_is_the_old_record(self, account: Customer) -> None:
        account(reserve(asked(1, idempotency_key="k")))
        first = account.counted(settle(asked(1, idempotency_key="k")))
        account(reserve(asked(2, idempotency_key="k")))

        again = account.counted(settle(asked(2, idempotency_key="k")))
        assert again == first._replace(is_repeat=True)

    def test_a_repeat_is_let_through_though_the_quota_is_used_up(self, account: Customer) -> None:
        tariff = tariff_of(requests=1)
        account(charge(asked(1, tariff=tariff, idempotency_key="k")))

        account.counted(reserve(asked(2, tariff=tariff, idempotency_key="k")))
        assert account.counted(settle(asked(2, tariff=tariff, idempotency_key="k"))).is_repeat
        account.counted(reserve(asked(3, tariff=tariff, idempotency_key="k")))
        changed = settle(asked(3, tariff=tariff, idempotency_key="k"), etag='"v2"')
        assert isinstance(account(changed), QuotaExceeded)

    def test_a_changed_record_takes_the_unit_that_was_reserved(self, account: Customer) -> None:
        tariff = tariff_of(requests=2)
        account(charge(asked(1, tariff=tariff, idempotency_key="k")))
        account(reserve(asked(2, tariff=tariff, idempotency_key="k")))
        changed = settle(asked(2, tariff=tariff, idempotency_key="k"), etag='"v2"')

        assert account.counted(changed).sequence == 2

    def test_a_key_whose_first_use_was_released_is_free_again(self, account: Customer) -> None:
        account(reserve(asked(1, idempotency_key="k")))
        account(release(asked(1, idempotency_key="k")))

        assert account.counted(charge(asked(2, idempotency_key="k"))).sequence == 1


class TestVoids:
    """A record that nobody got the answer of is taken back."""

    def test_a_void_is_the_opposite_of_its_record(self, account: Customer) -> None:
        account(charge(asked(1)))
        account.void(account.records[0])

        record, opposite = account.records
        assert opposite == record._replace(sequence=2, id="01VOID", units=-1, requests=-1, voids=1)
        assert account.used == (0, 0)
        assert account.meter.spent == {"EUR": 0}

    def test_after_a_void_the_vehicle_costs_again(self, account: Customer) -> None:
        tariff = tariff_of(unit=Unit.VIN, vins=1)
        account(charge(asked(1, vin=CAR, tariff=tariff)))
        account.void(account.records[0])

        counted = account.counted(charge(asked(2, vin=BUS, tariff=tariff)))
        assert (counted.amount, counted.vins_left_today) == (5 * CENT, 0)

    def test_a_record_that_a_repeat_was_answered_by_stands(self, account: Customer) -> None:
        account(charge(asked(1, idempotency_key="k")))
        account(charge(asked(2, idempotency_key="k")))
        account.void(account.records[0])

        assert [record.voids for record in account.records] == [None]
        assert account.counted(charge(asked(3, idempotency_key="k"))).is_repeat

    def test_after_a_void_the_idempotency_key_is_free_again(self, account: Customer) -> None:
        account(charge(asked(1, idempotency_key="other")))
        account(charge(asked(2, idempotency_key="k")))
        account.void(account.records[1])

        assert not account.counted(charge(asked(3, idempotency_key="k"))).is_repeat
        assert account.counted(charge(asked(4, idempotency_key="other"))).is_repeat
