"""The accounts of one transaction: read, decided about, and written."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, Final

from plg.adapters.sql.ledger.group_commit.bulk import Bulk
from plg.adapters.sql.ledger.group_commit.notices import Noticed
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.erasures import shown
from plg.domain.ledger.metering import Verdict, decide, void
from plg.domain.ledger.meters import Binding, Meter, Reservation
from plg.domain.ledger.periods import period_start
from plg.domain.ledger.usage import MICROSECONDS, Asked, LineKey, Operation, UsageRecord, day_of
from plg.domain.notices.thresholds import Reached

RECORD_COLUMNS: Final = ", ".join(UsageRecord._fields)
_ACCOUNTS_IN: Final = "account_id IN (SELECT value FROM json_each(?))"
_EACH: Final = "json_extract(value, '$[%d]')"
_PAIRS: Final = f"SELECT {_EACH % 0}, {_EACH % 1} FROM json_each(?)"  # noqa: S608 - constants
_TRIPLES: Final = _PAIRS.replace(" FROM", f", {_EACH % 2} FROM")

_RECORDS: Final = Bulk("usage_records", (*UsageRecord._fields, "pepper_id", "mac"))
_ACCOUNTS: Final = Bulk(
    "ledger_accounts",
    ("account_id", "last_sequence", "head"),
    "ON CONFLICT (account_id) DO UPDATE SET last_sequence = excluded.last_sequence,"
    " head = excluded.head",
)
_DAYS: Final = Bulk(
    "ledger_days",
    ("account_id", "day", "resource", "requests", "vins"),
    "ON CONFLICT (account_id, day, resource) DO UPDATE SET requests = excluded.requests,"
    " vins = excluded.vins",
)
_LINES: Final = Bulk(
    "ledger_lines",
    (*LineKey._fields, "units", "records"),
    "ON CONFLICT DO UPDATE SET units = units + excluded.units,"
    " records = records + excluded.records",
)
_SEEN_KEY: Final = ("account_id", "day", "space", "vin")
_SEEN: Final = Bulk("ledger_day_vins", (*_SEEN_KEY, "sequence"), "ON CONFLICT DO NOTHING")
_RESERVATIONS: Final = Bulk("reservations", Reservation._fields)
_BINDINGS: Final = Bulk(
    "idempotency",
    Binding._fields,
    "ON CONFLICT (account_id, idempotency_key) DO UPDATE SET resource = excluded.resource,"
    " record_key = excluded.record_key, etag = excluded.etag, sequence = excluded.sequence,"
    " amount = excluded.amount, expires_at = excluded.expires_at,"
    " is_repeated = excluded.is_repeated",
)


_line_of: Final = itemgetter(*map(UsageRecord._fields.index, LineKey._fields))


class Books:
    """
    What a transaction knows of the accounts that it is about.

    Args:
        connection: In a transaction that nobody else can write beside.
        now: Reservations whose deadline has passed are given back.
        noticed: What is known of notices; none where a transaction stands alone.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        chain: LedgerChain,
        now: float,
        noticed: Noticed | None = None,
    ) -> None:
        self._connection = connection
        self._chain = chain
        self._seal = chain.sealer().seal
        self._now = now
        self._meters: dict[str, Meter] = {}
        self._noticed = noticed or Noticed()

    def open(self, asked: Sequence[Asked], voided: Sequence[UsageRecord] = ()) -> None:
        """Read all that operations and voids need."""
        ids = {each.account_id for each in asked} | {each.account_id for each in voided}
        meters = self._meters = {each: Meter(each) for each in ids}
        accounts = json.dumps(list(ids))
        query = f"""SELECT account_id, last_sequence, head FROM ledger_accounts
            WHERE {_ACCOUNTS_IN}"""  # noqa: S608 - constants
        for account_id, last_sequence, head in self._rows(query, (accounts,)):
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
        query = f"""SELECT {RECORD_COLUMNS} FROM usage_records AS mine
            WHERE id IN (SELECT value FROM json_each(?)) AND voids IS NULL
            AND NOT EXISTS (SELECT 1 FROM usage_records AS other
                WHERE other.account_id = mine.account_id AND other.voids = mine.sequence)
            ORDER BY account_id, sequence"""  # noqa: S608 - constants
        return [UsageRecord(*row) for row in self._rows(query, (json.dumps(list(ids)),))]

    def write(self) -> list[Reached]:
        """Write what was decided; return the thresholds that it reached for the first time."""
        connection, pepper_id = self._connection, self._chain.pepper_id
        changed = [(meter, meter.changes) for meter in self._meters.values()]
        added = [row for _, changes in changed for row in changes.records]
        if added:
            _RECORDS.write(connection, [(*record, pepper_id, mac) for record, mac in added])
            heads = [(m.account_id, m.last_sequence, m.head) for m, c in changed if c.records]
            _ACCOUNTS.write(connection, heads)
            _LINES.write(connection, _line_rows(record for record, _ in added))
        days = [_day_row(meter, *day) for meter, changes in changed for day in changes.days]
        _DAYS.write(connection, days)
        let_go = [
            (m.account_id, reservation_id) for m, c in changed for reservation_id in c.released
        ]
        self._delete("reservations", ("account_id", "id"), let_go)
        _RESERVATIONS.write(
            connection,
            [reservation for _, changes in changed for reservation in changes.reserved.values()],
        )
        for meter, changes in changed:
            if changes.seen or changes.bound:
                self._write_seldom(meter)
        return self._noticed.write(connection, self._meters.values(), self._now)

    def _read_reservations(self, accounts: str) -> None:
        columns = ", ".join(Reservation._fields)
        query = f"SELECT {columns} FROM reservations WHERE {_ACCOUNTS_IN}"  # noqa: S608 - constants
        for row in self._rows(query, (accounts,)):
            reservation = Reservation(*row)
            meter = self._meters[reservation.account_id]
            meter.count_reserved(reservation)
            if reservation.deadline <= self._now:
                meter.release(reservation.id)

    def _read_days(self, accounts: str, days: set[int]) -> None:
        query = f"""SELECT account_id, day, resource, requests, vins FROM ledger_days
            WHERE {_ACCOUNTS_IN} AND day IN (SELECT value FROM json_each(?))"""  # noqa: S608 - constants
        for account_id, day, *counts in self._rows(query, (accounts, json.dumps([*days]))):
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
        query = f"""SELECT account_id, day, space, vin, sequence FROM ledger_day_vins
            WHERE (account_id, day, vin) IN ({_TRIPLES})"""  # noqa: S608 - constants
        for account_id, day, space, vin, sequence in self._rows(query, (json.dumps([*wanted]),)):
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
                query = f"""SELECT {columns} FROM idempotency
                    WHERE (account_id, {column}) IN ({_PAIRS})"""  # noqa: S608 - constants
                for row in self._rows(query, (json.dumps(wanted),)):
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
        accounts, begins = json.dumps([*capped]), period_start(self._now)
        unbilled = f"""SELECT account_id, currency, unit_price, units FROM ledger_lines
            WHERE {_ACCOUNTS_IN}"""  # noqa: S608 - constants
        for account_id, currency, price, units in self._rows(unbilled, (accounts,)):
            self._add_spent(account_id, currency, price * units)
        closed = f"""SELECT account_id, currency, amount FROM statements
            WHERE {_ACCOUNTS_IN} AND from_at >= ?"""  # noqa: S608 - constants
        for account_id, currency, amount in self._rows(closed, (accounts, begins * MICROSECONDS)):
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
            self._delete("ledger_day_vins", _SEEN_KEY, unseen)
            seen = [(*place, sequence) for place, sequence in places if sequence is not None]
            _SEEN.write(self._connection, seen)
        if changes.bound:
            bound = [binding for binding in changes.bound.values() if binding is not None]
            unbound = [(mine, key) for key, each in changes.bound.items() if each is None]
            _BINDINGS.write(self._connection, bound)
            self._delete("idempotency", ("account_id", "idempotency_key"), unbound)

    def _delete(
        self, table: str, keys: tuple[str, ...], rows: Sequence[tuple[object, ...]]
    ) -> None:
        if rows:
            where = " AND ".join(f"{key} = ?" for key in keys)
            self._connection.executemany(f"DELETE FROM {table} WHERE {where}", rows)  # noqa: S608 - names are ours

    def _rows(self, query: str, values: tuple[object, ...]) -> list[Any]:
        return self._connection.execute(query, values).fetchall()


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
