"""What the ledger has counted, in memory."""

from collections import Counter
from collections.abc import Iterable

from plg.application.ports.ledger.usage import DayUse, LedgerEnd, RecordFilter, UsagePort, day_use
from plg.domain.identity.keyring import Keyring
from plg.domain.ids import new_id
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.comparisons import Tally
from plg.domain.ledger.metering import Undecided, decide, void
from plg.domain.ledger.meters import DayCount, Meter
from plg.domain.ledger.periods import period_start
from plg.domain.ledger.statements import UsageSum
from plg.domain.ledger.usage import MICROSECONDS, Operation, UsageRecord, day_of
from plg.domain.notices.notices import new_notice
from plg.domain.notices.thresholds import reached_by
from tests.fakes.clock import NOON
from tests.fakes.memory_tables import Tables, Twin

CHAIN = LedgerChain(Keyring("x" * 32))


def submit(tables: Tables, operations: Iterable[Operation], *, may_refuse: bool = False) -> None:
    """Have operations decided as the ledger does, and what comes of them written down."""
    for operation in operations:
        account_id = operation.asked.account_id
        meter = tables.meters.setdefault(account_id, Meter(account_id))
        meter.begin()
        meter.month = day_of(period_start(operation.asked.at))
        meter.spent = _spent(tables, account_id, meter.month)
        verdict = decide(meter, operation, "01TWIN", CHAIN.sealer().seal)
        assert not isinstance(verdict, Undecided)
        assert may_refuse or not isinstance(verdict, Exception)
        _write(tables, meter)


def take_back(tables: Tables, record_id: str, void_id: str, at: float) -> None:
    """Make a record void."""
    record = next(each for each in tables.usage.values() if each.id == record_id)
    meter = tables.meters[record.account_id]
    meter.begin()
    void(meter, record, void_id, at, CHAIN.sealer().seal)
    _write(tables, meter)


def _write(tables: Tables, meter: Meter) -> None:
    for record, mac in meter.changes.records:
        tables.usage[record.account_id, record.sequence] = record
        tables.macs[record.account_id, record.sequence] = mac
    for reached in reached_by(meter):
        tables.notices.setdefault(reached.place, new_notice(new_id(NOON), reached, NOON))


def _spent(tables: Tables, account_id: str, month: int) -> dict[str, int]:
    sums: Counter[str] = Counter()
    billed_to = tables.billed_to.get(account_id, 0)
    for each in tables.usage.values():
        if each.account_id == account_id and each.sequence > billed_to:
            sums[each.currency] += each.units * each.unit_price
    mine = [each for each in tables.statements.values() if each.account_id == account_id]
    for closed in mine:
        if closed.span is not None and day_of(closed.span.from_at / MICROSECONDS) >= month:
            sums[closed.currency.code] += closed.amount
    return sums


class MemoryUsage(Twin, UsagePort):
    """Counts the records anew whenever it is asked."""

    async def end(self, account_id: str) -> LedgerEnd | None:
        meter = self._read.meters.get(account_id)
        if meter is None or not meter.last_sequence:
            return None
        billed_to = self._read.billed_to.get(account_id, 0)
        return LedgerEnd(meter.last_sequence, meter.head, billed_to)

    async def unbilled(self, account_id: str) -> list[UsageSum]:
        sums: dict[tuple[str | int, ...], UsageSum] = {}
        for record in self._unbilled(account_id):
            known = sums.get(record.line, UsageSum(record.line, 0, 0))
            step = 1 if record.voids is None else -1
            sums[record.line] = UsageSum(
                record.line, known.units + record.units, known.records + step
            )
        return [sums[line] for line in sorted(sums)]

    async def close(self, account_id: str, last: int) -> None:
        self._written.billed_to[account_id] = last

    async def on(self, account_id: str, day: int, now: float) -> DayUse:
        meter = self._read.meters.get(account_id)
        if meter is None:
            return DayUse()
        count = meter.days.get(day, DayCount())
        held = [
            each for each in meter.reservations.values() if each.day == day and each.deadline > now
        ]
        distinct = {each.distinct for each in held if each.distinct is not None}
        reserved: Counter[str] = Counter()
        for each in held:
            reserved[each.resource] += each.requests
        return day_use(
            [(name, each.requests, each.vins) for name, each in count.resources.items()],
            reserved,
            sum((day, each) not in meter.seen for each in distinct),
        )

    async def times(self, account_id: str, sequences: tuple[int, ...]) -> list[int]:
        return [self._read.usage[account_id, sequence].at for sequence in sequences]

    async def records(
        self, account_id: str, first: int, last: int, wanted: RecordFilter, limit: int
    ) -> list[UsageRecord]:
        found = [
            each
            for each in self._of(account_id)
            if first <= each.sequence <= last and _is_wanted(each, wanted)
        ]
        return found[::-1][:limit]

    async def with_unbilled(self, after: str | None, limit: int) -> list[str]:
        return [each for each in self._accounts(after) if self._unbilled(each)][:limit]

    async def accounts(self, after: str | None, limit: int) -> list[str]:
        return self._accounts(after)[:limit]

    async def tallies(self, account_id: str, since: int, until: int) -> list[Tally]:
        sums: dict[tuple[str | int, ...], list[int]] = {}
        for each in self._of(account_id):
            if since <= each.at < until:
                _, currency, resource, metered, price, code, version = each.line
                total = sums.setdefault(
                    (resource, metered, currency, price, code, version), [0, 0, 0]
                )
                total[0] += each.units
                total[1] += 1 if each.voids is None else -1
                total[2] += each.vins
        return [Tally(*key, *sums[key]) for key in sorted(sums)]  # type: ignore[arg-type]

    def _of(self, account_id: str) -> list[UsageRecord]:
        usage = self._read.usage
        return [usage[key] for key in sorted(usage) if key[0] == account_id]

    def _unbilled(self, account_id: str) -> list[UsageRecord]:
        billed_to = self._read.billed_to.get(account_id, 0)
        return [each for each in self._of(account_id) if each.sequence > billed_to]

    def _accounts(self, after: str | None) -> list[str]:
        meters = self._read.meters
        return sorted(
            each for each in meters if meters[each].last_sequence and each > (after or "")
        )


def _is_wanted(record: UsageRecord, wanted: RecordFilter) -> bool:
    return (
        (wanted.since is None or record.at >= wanted.since)
        and (wanted.until is None or record.at < wanted.until)
        and wanted.key_id in (None, record.key_id)
        and wanted.record_key in (None, record.record_key)
        and wanted.currency in (None, record.currency)
    )
