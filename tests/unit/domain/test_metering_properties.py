"""What holds whatever callers do, in any order."""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from plg.domain.errors import PlgError
from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.metering import CARRY_DATA, decide, void
from plg.domain.ledger.meters import Meter
from plg.domain.ledger.usage import Asked, Counted, LineKey, Operation, UsageRecord
from plg.domain.ledger.verification.chains import SealedRecord
from plg.domain.ledger.verification.ledger import AccountBook, AccountCheck
from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.plans.plans import Metered, Unit
from plg.domain.plans.tariffs import Tariff
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, CENT, asked, charge, release, reserve, settle, tariff_of

CHAIN = LedgerChain(Keyring("x" * 32))
Step = tuple[str, Metered, str | None, str | None, int]
STEPS = ("charge", "reserve", "settle", "release", "void")
steps = st.lists(
    st.tuples(
        st.sampled_from(STEPS),
        st.sampled_from(list(Metered)),
        st.sampled_from([None, "V1", "V2", "V3"]),
        st.sampled_from([None, None, None, None, "k1", "k2"]),
        st.sampled_from([0, 0, 0, DAY_SECONDS]),
    ),
    min_size=10,
    max_size=60,
)
tariffs = st.builds(
    tariff_of,
    requests=st.none() | st.integers(0, 4),
    vins=st.none() | st.integers(0, 2),
    resource_requests=st.dictionaries(
        st.sampled_from(["players", "static-data"]), st.integers(0, 3)
    ),
    cap=st.none() | st.integers(0, 40).map(lambda cents: cents * CENT),
    unit=st.sampled_from(Unit),
    prices=st.dictionaries(st.sampled_from(Metered), st.integers(0, 12).map(lambda c: c * CENT)),
)


@dataclass
class World:
    """An account that is used, voids and all."""

    tariff: Tariff
    meter: Meter = field(default_factory=lambda: Meter(ANA))
    rows: list[tuple[UsageRecord, bytes]] = field(default_factory=list)
    open: list[Asked] = field(default_factory=list)
    number: int = 0

    def step(
        self, kind: str, metered: Metered, vin: str | None, key: str | None, later: int
    ) -> None:
        self.number += 1
        self.meter.begin()
        mine = asked(self.number, vin=vin, tariff=self.tariff, idempotency_key=key, at=NOON + later)
        match kind:
            case "charge":
                self.decide(charge(mine, metered))
            case "reserve":
                if isinstance(self.decide(reserve(mine)), Counted):
                    self.open.append(mine)
            case "settle" if self.open:
                self.decide(settle(self.open.pop(0), metered))
            case "release" if self.open:
                self.decide(release(self.open.pop()))
            case "void" if self.standing():
                seal = CHAIN.sealer().seal
                void(self.meter, self.standing()[-1], f"01VOID{self.number}", NOON, seal)
        self.rows += self.meter.changes.records

    def decide(self, operation: Operation) -> object:
        seal = CHAIN.sealer().seal
        verdict = decide(self.meter, operation, "01PROCESS", seal)
        if isinstance(verdict, PlgError):
            assert self.meter.changes.records == []
        return verdict

    def standing(self) -> list[UsageRecord]:
        voided = {record.voids for record, _ in self.rows}
        return [
            record
            for record, _ in self.rows
            if record.voids is None and record.sequence not in voided
        ]


def played(tariff: Tariff, all_steps: list[Step]) -> World:
    world = World(tariff)
    for each in all_steps:
        world.step(*each)
    return world


@settings(max_examples=300)
@given(tariffs, steps)
def test_no_quota_is_ever_exceeded(tariff: Tariff, all_steps: list[Step]) -> None:
    world = World(tariff)
    for each in all_steps:
        world.step(*each)
        for day, count in world.meter.days.items():
            if tariff.requests_per_day is not None:
                assert 0 <= count.requests + count.reserved <= tariff.requests_per_day
            for name, most in tariff.resource_requests.items():
                mine = count.of(name)
                assert 0 <= mine.requests + mine.reserved <= most
            if tariff.vins_per_day is not None:
                seen = {record for on, record in world.meter.seen if on == day}
                assert len(seen | count.reserved_records.keys()) <= tariff.vins_per_day
        if tariff.spend_cap is not None:
            amounts = (record.units * record.unit_price for record, _ in world.rows)
            assert sum(amounts) <= tariff.spend_cap.nanos


@given(tariffs, steps)
def test_counters_are_what_standing_records_make(tariff: Tariff, all_steps: list[Step]) -> None:
    world = played(tariff, all_steps)
    carrying = [each for each in world.standing() if Metered(each.metered) in CARRY_DATA]

    requests = Counter(each.day for each in carrying)
    vins = {(each.day, each.record_key) for each in carrying if each.resource != "players"}
    for day, count in world.meter.days.items():
        assert count.requests == requests[day]
        assert count.reserved == sum(each.reserved for each in count.resources.values())
        of_it = Counter(each.resource for each in carrying if each.day == day)
        assert {name: each.requests for name, each in count.resources.items()} == {
            name: of_it[name] for name in count.resources
        }
        assert count.vins <= len({vin for on, vin in vins if on == day})
    assert sum(each.units * each.unit_price for each in world.standing()) == sum(
        world.meter.spent.values()
    )


@given(tariffs, steps)
def test_numbers_are_dense_and_ids_are_written_once(tariff: Tariff, all_steps: list[Step]) -> None:
    records = [record for record, _ in played(tariff, all_steps).rows]

    assert [record.sequence for record in records] == list(range(1, len(records) + 1))
    assert len({record.id for record in records}) == len(records)


@given(tariffs, steps)
def test_per_vehicle_a_day_pays_for_each_at_most_once(
    tariff: Tariff, all_steps: list[Step]
) -> None:
    paid = Counter(
        (each.day, each.record_key)
        for each in played(tariff, all_steps).standing()
        if each.units and Metered(each.metered) in CARRY_DATA
        if each.resource != "players" and tariff.unit is Unit.VIN
    )

    assert all(count == 1 for count in paid.values())


@given(tariffs, steps)
def test_whatever_was_written_is_verified(tariff: Tariff, all_steps: list[Step]) -> None:
    world = played(tariff, all_steps)
    meter = world.meter
    lines: dict[LineKey, tuple[int, int]] = {}
    for record, _ in world.rows:
        units, count = lines.get(record.line, (0, 0))
        lines[record.line] = units + record.units, count + (1 if record.voids is None else -1)
    days = {
        (day, resource): (count.requests, count.vins)
        for day, whole in meter.days.items()
        for resource, count in whole.resources.items()
    }
    book = AccountBook(ANA, meter.last_sequence, meter.head, 0, days, lines)

    check = AccountCheck(CHAIN, book)
    for record, mac in world.rows:
        check.add(SealedRecord(record, CHAIN.pepper_id, mac, None))
    assert check.finish() == []
