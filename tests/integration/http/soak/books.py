"""Holds a client's journal against the ledger in the database."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from tests.integration.http.soak.installation import Holder, Installation
from tests.integration.http.soak.journal import OK, Journal, Loss


@dataclass(slots=True)
class Books:
    """
    Follows the usage records as they grow.

    Attributes:
        standing: Records that were not taken back, by request.
        faults: What must not be.
    """

    installation: Installation
    journal: Journal
    holders: dict[str, Holder]
    standing: Counter[str] = field(default_factory=Counter)
    records: int = 0
    voids: int = 0
    faults: list[str] = field(default_factory=list)
    _read_to: dict[str, int] = field(default_factory=dict)
    _used: Counter[tuple[str, int]] = field(default_factory=Counter)
    _vins: dict[tuple[str, int], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def follow(self) -> None:
        """Read what is new, and check what holds at any moment."""
        added = Counter[str]()
        with self.installation.connection() as connection:
            for holder in self.holders.values():
                self._read(connection, holder, added)
        for request_id in added:
            if request_id not in self.journal.requests:
                self.faults.append(f"a record of {request_id}, which was never sent")
            elif added[request_id] > 1:
                self.faults.append(f"{request_id} has {added[request_id]} records")
        for claim in self.journal.touched:
            self._check_claim(claim)
        self.journal.touched.clear()
        for holder in self.holders.values():
            self._check_quotas(holder)
        self.faults += self.journal.surprises
        self.journal.surprises.clear()

    def settle(self) -> None:
        """Check what holds once the gateway has had time to take back what nobody got."""
        for claim, requests in self.journal.claims.items():
            count = sum(self.standing[each.id] for each in requests)
            lost = {each.loss for each in requests} - {None}
            if count and not lost and all(each.status != OK for each in requests):
                self.faults.append(f"{claim} was refused, and has a record")
            if count and lost == {Loss.STOPPED} and all(each.status != OK for each in requests):
                self.faults.append(f"{claim} was begun before a stop, and not answered")

    @property
    def unanswered(self) -> int:
        """Records whose answer nobody received."""
        return sum(
            sum(self.standing[each.id] for each in requests)
            for requests in self.journal.claims.values()
            if all(each.status != OK for each in requests)
        )

    def used_today(self, holder: Holder) -> int:
        """Return how much of the daily quota the records of the last day have used."""
        days = [day for account_id, day in self._used if account_id == holder.account_id]
        return self._used[holder.account_id, max(days)] if days else 0

    def _read(self, connection: Connection, holder: Holder, added: Counter[str]) -> None:
        mine = holder.account_id
        last = self._read_to.get(mine, 0)
        query = """SELECT sequence, request_id, day, requests, vins, record_key, voids
            FROM usage_records WHERE account_id = :mine AND sequence > :last ORDER BY sequence"""
        for sequence, request_id, day, requests, vins, key, voids in connection.execute(
            text(query), {"mine": mine, "last": last}
        ):
            if sequence != last + 1:
                self.faults.append(f"{mine} has no record between {last} and {sequence}")
            last = sequence
            self.records += 1
            self._used[mine, day] += requests
            if vins:
                self._vins[mine, day][key] += vins
            if request_id in self.journal.requests:
                self.journal.touched.add(self.journal.requests[request_id].claim)
            if voids is None:
                added[request_id] += 1
                self.standing[request_id] += 1
            else:
                self.voids += 1
                self.standing[request_id] -= 1
        self._read_to[mine] = last

    def _check_claim(self, claim: str) -> None:
        requests = self.journal.claims[claim]
        count = sum(self.standing[each.id] for each in requests)
        is_answered = any(each.status == OK for each in requests)
        if count > 1:
            self.faults.append(f"{claim} has {count} records")
        elif is_answered and count != 1:
            self.faults.append(f"{claim} was answered, and has {count} records")

    def _check_quotas(self, holder: Holder) -> None:
        mine = holder.account_id
        most, vins_most = holder.requests_per_day, holder.vins_per_day
        for (account_id, day), used in self._used.items():
            if account_id == mine and most is not None and used > most:
                self.faults.append(f"{mine} used {used} of {most} requests on day {day}")
        for (account_id, day), vins in self._vins.items():
            seen = sum(vins.values())
            if account_id == mine and vins_most is not None and seen > vins_most:
                self.faults.append(f"{mine} saw {seen} of {vins_most} vehicles on day {day}")
