"""An account whose operations are decided about."""

from dataclasses import dataclass, field

from plg.domain.errors import QuotaExceeded
from plg.domain.ledger.metering import Verdict, decide, void
from plg.domain.ledger.meters import Meter
from plg.domain.ledger.usage import Counted, Operation, UsageRecord, day_of
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA

CAR, VAN, BUS = "1FATESTVIN0000001", "1FATESTVIN0000002", "1FATESTVIN0000003"
DAY = day_of(NOON)


@dataclass
class Customer:
    """One account, and what became of its operations."""

    meter: Meter = field(default_factory=lambda: Meter(ANA))

    def __post_init__(self) -> None:
        self.meter.begin()

    def __call__(self, operation: Operation) -> Verdict:
        return decide(self.meter, operation, "01PROCESS", lambda head, _: head)

    def counted(self, operation: Operation) -> Counted:
        verdict = self(operation)
        assert isinstance(verdict, Counted), verdict
        return verdict

    def refused(self, operation: Operation) -> str:
        before = (len(self.records), self.used, set(self.meter.reservations))
        verdict = self(operation)
        assert isinstance(verdict, QuotaExceeded), verdict
        assert (len(self.records), self.used, set(self.meter.reservations)) == before
        return verdict.policy

    def void(self, record: UsageRecord) -> None:
        void(self.meter, record, "01VOID", NOON, lambda head, _: head)

    @property
    def records(self) -> list[UsageRecord]:
        return [record for record, _ in self.meter.changes.records]

    @property
    def used(self) -> tuple[int, int]:
        count = self.meter.on(DAY)
        return count.requests, count.vins
