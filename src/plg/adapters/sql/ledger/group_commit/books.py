"""The accounts of one transaction: read, decided about, and written."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, Final

from plg.adapters.sql.ledger.group_commit.notices import Noticed
from plg.adapters.sql.ledger.group_commit.session import Bulk, Session, delete
from plg.domain.ledger.chain import GENESIS, LedgerChain
from plg.domain.ledger.erasures import shown
from plg.domain.ledger.metering import Verdict, decide, void
from plg.domain.ledger.meters import Binding, Meter, Reservation
from plg.domain.ledger.periods import period_start
from plg.domain.ledger.usage import MICROSECONDS, Asked, LineKey, Operation, UsageRecord, day_of
from plg.domain.notices.thresholds import Reached

RECORD_COLUMNS: Final = ", ".join(UsageRecord._fields)
_RECORDS: Final = Bulk("usage_records", (*UsageRecord._fields, "pepper_id", "mac"))
_ACCOUNTS: Final = Bulk(
    "ledger_accounts",
    ("account_id", "last_sequence", "head"),
    ("account_id",),
    {"last_sequence": "new", "head": "new"},
)
_NEW_ACCOUNTS: Final = Bulk(
    "ledger_accounts", ("account_id", "last_sequence", "head"), ("account_id",)
)
_DAYS: Final = Bulk(
    "ledger_days",
    ("account_id", "day", "resource", "requests", "vins"),
    ("account_id", "day", "resource"),
    {"requests": "new", "vins": "new"},
)
_LINES: Final = Bulk(
    "ledger_lines",
    (*LineKey._fields, "units", "records"),
    LineKey._fields,
    {"units": "added", "records": "added"},
)
_SEEN_KEY: Final = ("account_id", "day", "space", "vin")
_SEEN: Final = Bulk("ledger_day_vins", (*_SEEN_KEY, "sequence"), _SEEN_KEY)
_RESERVATIONS: Final = Bulk("reservations", Reservation._fields)
_BINDING_KEY: Final = ("account_id", "idempotency_key")
_BINDINGS: Final = Bulk(
    "idempotency",
    Binding._fields,
    _BINDING_KEY,
    {name: "new" for name in Binding._fields if name not in _BINDING_KEY},
)


_line_of: Final = itemgetter(*map(UsageRecord._fields.index, LineKey._fields))


class Books:
    """
    What a transaction knows of the accounts that it is about.

    Args:
        session: In a transaction.
        now: Reservations whose deadline has passed are given back.
        noticed: What is known of notices; none where a transaction stands alone.
    """

    def __init__(
        self,
        session: Session,
        chain: LedgerChain,
        now: float,
        noticed: Noticed | None = None,
    ) -> None:
        self._session = session
        self._among = session.dialect.among
        self._chain = chain
        self._seal = chain.sealer().seal
        self._now = now
        self._meters: dict[str, Meter] = {}
        self._noticed = noticed or Noticed()

    def open(self, asked: Sequence[Asked], voided: Sequence[UsageRecord] = ()) -> None:
        """Read all that operations and voids need."""
        ids = {each.account_id for each in asked} | {each.account_id for each in voided}
        meters = self._meters = {each: Meter(each) for each in ids}
        if not ids:
            return
        accounts = sorted(ids)  # all processes hold them in one order, so that none waits for ever
        for account_id, last_sequence, head in self._held(accounts):
            meter = meters[account_id]
            meter.last_sequence, meter.head = last_sequence, head
            meter.group_first = last_sequence + 1
        self._read_reservations(accounts)
        days = {day_of(each.at) for each in asked} | {each.day for each in voided}
        days.update(day for meter in meters.values() for day in meter.days)
        self._read_days(accounts, days)
        self._read_seen(asked, voided)
        self._read_bindings(asked, voided)
        self._read_spent(asked)

    def decide(self, operation: Operation, incarnation: str) -> Verdict:
        """Decide about one operation."""
        return decide(self._meters[operation.asked.account_id], operation, incarnation, self._seal)

    def void(self, record: UsageRecord, void_id: str) -> None:
        """Take a record back."""
        void(self._meters[record.account_id], record, void_id, self._now, self._seal)

    def standing_records(self, ids: Iterable[str]) -> list[UsageRecord]:
        """Return the records of these ids that stand and were not taken back yet."""
        where, values = self._among(("id",), [(each,) for each in ids])
        query = f"""SELECT {RECORD_COLUMNS} FROM usage_records AS mine
            WHERE {where} AND voids IS NULL
            AND NOT EXISTS (SELECT 1 FROM usage_records AS other
                WHERE other.account_id = mine.account_id AND other.voids = mine.sequence)
            ORDER BY account_id, sequence"""  # noqa: S608 - constants
        return [UsageRecord(*row) for row in self._rows(query, values)]

    def write(self) -> list[Reached]:
        """Write what was decided; return the thresholds that it reached for the first time."""
        session, pepper_id = self._session, self._chain.pepper_id
        changed = [(meter, meter.changes) for meter in self._meters.values()]
        added = [row for _, changes in changed for row in changes.records]
        if added:
            _RECORDS.write(session, [(*record, pepper_id, mac) for record, mac in added])
            heads = [(m.account_id, m.last_sequence, m.head) for m, c in changed if c.records]
            _ACCOUNTS.write(session, heads)
            _LINES.write(session, _line_rows(record for record, _ in added))
        days = [_day_row(meter, *day) for meter, changes in changed for day in changes.days]
        _DAYS.write(session, days)
        let_go = [
            (m.account_id, reservation_id) for m, c in changed for reservation_id in c.released
        ]
        delete(session, "reservations", ("account_id", "id"), let_go)
        _RESERVATIONS.write(
            session,
            [reservation for _, changes in changed for reservation in changes.reserved.values()],
        )
        for meter, changes in changed:
            if changes.seen or changes.bound:
                self._write_seldom(meter)
        return self._noticed.write(session, self._meters.values(), self._now)

    def _held(self, accounts: list[str]) -> list[Any]:
        """Return where accounts stand; where others may write too, nobody else does to these."""
        is_shared = self._session.dialect.is_shared
        where, values = self._among(("account_id",), [(each,) for each in accounts])
        query = f"""SELECT account_id, last_sequence, head FROM ledger_accounts
            WHERE {where} {"ORDER BY account_id FOR UPDATE" if is_shared else ""}"""  # noqa: S608 - constants
        found = self._rows(query, values)
        if is_shared and len(found) < len(accounts):
            known = {account_id for account_id, *_ in found}
            new = [(each, 0, GENESIS) for each in accounts if each not in known]
            _NEW_ACCOUNTS.write(self._session, new)
            found = self._rows(query, values)
        return found

    def _read_reservations(self, accounts: list[str]) -> None:
        where, values = self._among(("account_id",), [(each,) for each in accounts])
        columns = ", ".join(Reservation._fields)
        query = f"SELECT {columns} FROM reservations WHERE {where}"  # noqa: S608 - constants
        for row in self._rows(query, values):
            reservation = Reservation(*row)
            meter = self._meters[reservation.account_id]
            meter.count_reserved(reservation)
            if reservation.deadline <= self._now:
                meter.release(reservation.id)

    def _read_days(self, accounts: list[str], days: set[int]) -> None:
        where, values = self._among(
            ("account_id", "day"), [(account, day) for account in accounts for day in days]
        )
        query = f"""SELECT account_id, day, resource, requests, vins FROM ledger_days
            WHERE {where}"""  # noqa: S608 - constants
        for account_id, day, *counts in self._rows(query, values):
            self._meters[account_id].on(day).add(*counts)

    def _read_seen(self, asked: Sequence[Asked], voided: Sequence[UsageRecord]) -> None:
        wanted: set[tuple[str, int, str | None]] = {
            (each.account_id, day_of(each.at), each.record_key) for each in asked if each.space
        }
        wanted.update((each.account_id, each.day, each.record_key) for each in voided if each.vins)
        wanted.update(
            (meter.account_id, reservation.day, reservation.vin)
            for meter in self._meters.values()
            for reservation in meter.reservations.values()
            if reservation.vin
        )
        if not wanted:
            return
        where, values = self._among(("account_id", "day", "vin"), wanted)
        query = f"""SELECT account_id, day, space, vin, sequence FROM ledger_day_vins
            WHERE {where}"""  # noqa: S608 - constants
        for account_id, day, space, vin, sequence in self._rows(query, values):
            self._meters[account_id].seen[day, (space, vin)] = sequence

    def _read_bindings(self, asked: Sequence[Asked], voided: Sequence[UsageRecord]) -> None:
        columns = ", ".join(Binding._fields)
        keys = [
            (each.account_id, each.idempotency_key)
            for each in asked
            if each.idempotency_key is not None
        ]
        sequences = [(each.account_id, each.sequence) for each in voided]
        for column, wanted in (("idempotency_key", keys), ("sequence", sequences)):
            if wanted:
                where, values = self._among(("account_id", column), wanted)
                query = f"SELECT {columns} FROM idempotency WHERE {where}"  # noqa: S608 - constants
                for row in self._rows(query, values):
                    binding = self._shown(Binding(*row), asked)
                    self._meters[binding.account_id].bindings[binding.idempotency_key] = binding

    def _shown(self, binding: Binding, asked: Sequence[Asked]) -> Binding:
        """Return a binding whose record key was erased with the one that is asked for again."""
        place, kept = f"{binding.account_id}:{binding.idempotency_key}", binding.record_key
        for each in asked:
            if f"{each.account_id}:{each.idempotency_key}" == place:
                known = shown(self._chain, place, kept, each.record_key)
                if known != kept:
                    return binding._replace(record_key=known)
        return binding

    def _read_spent(self, asked: Sequence[Asked]) -> None:
        capped = {each.account_id for each in asked if each.tariff.tells_at is not None}
        if not capped:
            return
        begins = period_start(self._now)
        where, values = self._among(("account_id",), [(each,) for each in capped])
        unbilled = f"""SELECT account_id, currency, unit_price, units FROM ledger_lines
            WHERE {where}"""  # noqa: S608 - constants
        for account_id, currency, price, units in self._rows(unbilled, values):
            self._add_spent(account_id, currency, price * units)
        closed = f"""SELECT account_id, currency, amount FROM statements
            WHERE {where} AND from_at >= {self._session.dialect.mark}"""  # noqa: S608 - constants
        since = [*values, begins * MICROSECONDS]
        for account_id, currency, amount in self._rows(closed, since):
            self._add_spent(account_id, currency, int(amount))
        for account_id in capped:
            self._meters[account_id].month = day_of(begins)

    def _add_spent(self, account_id: str, currency: str, amount: int) -> None:
        spent = self._meters[account_id].spent
        spent[currency] = spent.get(currency, 0) + amount

    def _write_seldom(self, meter: Meter) -> None:
        changes, mine = meter.changes, meter.account_id
        if changes.seen:
            places = [((mine, day, *record), at) for (day, record), at in changes.seen.items()]
            unseen = [place for place, sequence in places if sequence is None]
            delete(self._session, "ledger_day_vins", _SEEN_KEY, unseen)
            seen = [(*place, sequence) for place, sequence in places if sequence is not None]
            _SEEN.write(self._session, seen)
        if changes.bound:
            bound = [binding for binding in changes.bound.values() if binding is not None]
            unbound = [(mine, key) for key, each in changes.bound.items() if each is None]
            _BINDINGS.write(self._session, bound)
            delete(self._session, "idempotency", _BINDING_KEY, unbound)

    def _rows(self, query: str, values: Sequence[Any]) -> list[Any]:
        return self._session.rows(query, values)


def _day_row(meter: Meter, day: int, resource: str) -> tuple[str, int, str, int, int]:
    count = meter.days[day].of(resource)
    return meter.account_id, day, resource, count.requests, count.vins


def _line_rows(records: Iterable[UsageRecord]) -> list[tuple[str | int, ...]]:
    sums: dict[tuple[str | int, ...], list[int]] = {}
    for record in records:
        line = _line_of(record)
        total = sums.get(line)
        if total is None:
            total = sums[line] = [0, 0]
        total[0] += record.units
        total[1] += 1 if record.voids is None else -1
    return [(*line, *total) for line, total in sums.items()]
