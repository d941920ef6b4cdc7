"""When an answer is charged, reserved, settled, released or free."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from plg.application.ledger.count_free_usage import FreeUsageTally
from plg.application.ledger.count_usage import CountUsage
from plg.application.ledger.meter_answers import Made, MeterAnswers, asked_of
from plg.domain.errors import NoMatch, PlgError, QuotaExceeded, SourceTimeout
from plg.domain.identity.access import Caller
from plg.domain.ledger.usage import Asked, Counted
from plg.domain.plans.plans import Metered
from plg.domain.records.meter_rules import VEHICLE_STATIC, MeterRule
from plg.domain.records.players import KillerBiId
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.ledger import MemoryLedger
from tests.fakes.usage import ANA, CENT, asked, tariff_of

Make = Callable[[], Awaitable[Made[str]]]


@dataclass
class Metering:
    """What an account's answers come to."""

    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    tally: FreeUsageTally = field(default_factory=FreeUsageTally)
    made: int = 0

    def __post_init__(self) -> None:
        self.meter = MeterAnswers(CountUsage(self.ledger), StoppedClock(), 30, self.tally)

    async def __call__(
        self, what: Asked, make: Make, *, is_at_hand: bool = False, is_lost: bool = False
    ) -> Counted:
        def counted_make() -> Awaitable[Made[str]]:
            self.made += 1
            return make()

        answer, counted = await self.meter(
            what, counted_make, lambda: is_lost, is_at_hand=is_at_hand
        )
        await self.ledger.drain()
        assert answer == "answer"
        return counted

    async def fails(self, what: Asked, make: Make, kind: type[PlgError]) -> None:
        with pytest.raises(kind):
            await self(what, make)
        await self.ledger.drain()

    @property
    def records(self) -> list[tuple[str, int]]:
        return [(each.metered, each.units * each.unit_price) for each in self.ledger.records]

    @property
    def free(self) -> list[tuple[str, str]]:
        self.tally.cut(NOON + 100)
        return [(each.resource, each.metered) for each in self.tally.first(10)]


def answering(metered: Metered = Metered.MISS) -> Make:
    async def make() -> Made[str]:
        return Made("answer", metered, '"v1"')

    return make


def failing(error: PlgError) -> Make:
    async def make() -> Made[str]:
        raise error

    return make


async def test_what_is_at_hand_is_charged() -> None:
    metering = Metering()
    counted = await metering(asked(1), answering(Metered.HIT), is_at_hand=True)

    assert (counted.sequence, metering.records) == (1, [("hit", 5 * CENT)])
    assert metering.ledger.groups == [1]


async def test_what_takes_a_while_is_reserved_and_settled_at_what_it_became() -> None:
    metering, tariff = Metering(), tariff_of(requests=1)
    counted = await metering(asked(1, tariff=tariff), answering())

    assert (counted.left_today, metering.records) == (0, [("miss", 10 * CENT)])


async def test_who_has_no_unit_left_causes_no_call() -> None:
    metering = Metering()
    await metering.fails(asked(1, tariff=tariff_of(requests=0)), answering(), QuotaExceeded)

    assert (metering.made, metering.records, metering.free) == (0, [], [("players", "refused")])


async def test_a_failure_gives_the_unit_back() -> None:
    metering, tariff = Metering(), tariff_of(requests=1)
    await metering.fails(asked(1, tariff=tariff), failing(SourceTimeout("too slow")), SourceTimeout)

    assert metering.records == []
    assert (await metering(asked(2, tariff=tariff), answering())).sequence == 1


async def test_no_match_is_free_and_noted_unless_it_has_a_price() -> None:
    metering = Metering()
    await metering.fails(asked(1), failing(NoMatch("nobody")), NoMatch)
    assert (metering.records, metering.free) == ([], [("players", "not_found")])

    priced = tariff_of(prices={Metered.NOT_FOUND: CENT})
    await metering.fails(asked(2, tariff=priced), failing(NoMatch("nobody")), NoMatch)
    assert metering.records == [("not_found", CENT)]


async def test_whose_client_is_gone_pays_nothing() -> None:
    metering, tariff = Metering(), tariff_of(requests=1)
    counted = await metering(asked(1, tariff=tariff), answering(), is_lost=True)

    assert (counted.sequence, counted.left_today, metering.records) == (None, 1, [])


async def test_who_pays_nothing_is_counted_all_the_same() -> None:
    metering = Metering()
    caller = Caller("service", frozenset())
    answer = await metering.meter.free(MeterRule("tags"), caller, answering())

    assert (answer, metering.records, metering.free) == ("answer", [], [("tags", "miss")])


def test_what_is_asked_is_of_the_rule_and_the_callers_terms() -> None:
    caller = Caller("key:1", frozenset(), account_id=ANA, key_id="k", tariff=tariff_of())
    made = asked_of(VEHICLE_STATIC, KillerBiId("V1"), caller, b"r-1", NOON, "once")

    assert (made.resource, made.space, made.distinct) == ("vehicle_static", "vin", ("vin", "V1"))
    assert (made.account_id, made.key_id, made.idempotency_key) == (ANA, "k", "once")
    with pytest.raises(ValueError, match="nothing is billed"):
        asked_of(VEHICLE_STATIC, KillerBiId("V1"), Caller("service", frozenset()), b"r", NOON)
