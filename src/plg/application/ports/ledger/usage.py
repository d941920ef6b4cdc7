"""What the ledger has counted, for those who bill it."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from plg.domain.ledger.comparisons import Tally
from plg.domain.ledger.statements import UsageSum
from plg.domain.ledger.usage import UsageRecord


@dataclass(frozen=True, slots=True)
class LedgerEnd:
    """
    Where the records of an account end.

    Attributes:
        head: The MAC of the last record.
        billed_to: The last record that a statement covers; 0 for none.
    """

    last_sequence: int
    head: bytes
    billed_to: int


class ResourceUse(NamedTuple):
    """What an account has used of a resource on a day."""

    requests: int = 0
    reserved: int = 0

    @property
    def taken(self) -> int:
        """What counts against a quota."""
        return self.requests + self.reserved


@dataclass(frozen=True, slots=True)
class DayUse:
    """
    What an account has used on a day.

    Attributes:
        vins: Distinct records.
        reserved: Requests that are kept for answers under way.
        reserved_vins: Distinct records among them that are not counted in `vins`.
        resources: Requests, used and reserved, of each resource that has some.
    """

    requests: int = 0
    vins: int = 0
    reserved: int = 0
    reserved_vins: int = 0
    resources: Mapping[str, ResourceUse] = field(default_factory=dict)


def day_use(
    counted: Sequence[tuple[str, int, int]], reserved: Mapping[str, int], reserved_vins: int
) -> DayUse:
    """
    Return what was used on a day.

    Args:
        counted: Resources with requests and distinct records; the empty name has what was counted
            before there were counts by resource.
        reserved: Requests that are kept for answers under way, by resource.
        reserved_vins: As `DayUse` has it.
    """
    used = {name: requests for name, requests, _ in counted}
    return DayUse(
        sum(used.values()),
        sum(vins for _, _, vins in counted),
        sum(reserved.values()),
        reserved_vins,
        {
            name: ResourceUse(used.get(name, 0), reserved.get(name, 0))
            for name in sorted({*used, *reserved})
            if name and (used.get(name) or reserved.get(name))
        },
    )


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """
    Which usage records are asked for; None where it does not matter.

    Attributes:
        since: From this instant on, in microseconds since the epoch.
        until: Up to this instant, without it.
    """

    since: int | None = None
    until: int | None = None
    key_id: str | None = None
    record_key: str | None = None
    currency: str | None = None


class UsagePort(Protocol):
    """
    The ledger's records and sums, within one transaction.

    Every method may raise StorageUnavailable. In a change, nobody else adds to the ledger of an
    account whose `end` was read, until the change's end.
    """

    @abstractmethod
    async def end(self, account_id: str) -> LedgerEnd | None:
        """Return where an account's records end; None where it has none."""

    @abstractmethod
    async def unbilled(self, account_id: str) -> list[UsageSum]:
        """Return what is not billed yet; its cost does not depend on the number of records."""

    @abstractmethod
    async def close(self, account_id: str, last: int) -> None:
        """Note that everything up to this record, the last one, is billed."""

    @abstractmethod
    async def on(self, account_id: str, day: int, now: float) -> DayUse:
        """Return what was used on a day; reservations past their deadline are none."""

    @abstractmethod
    async def times(self, account_id: str, sequences: tuple[int, ...]) -> list[int]:
        """Return when each of these records was, in microseconds since the epoch."""

    @abstractmethod
    async def records(
        self, account_id: str, first: int, last: int, wanted: RecordFilter, limit: int
    ) -> list[UsageRecord]:
        """
        Return the records from one sequence number to another, the newest first.

        The cost grows with the number of records in between, whatever is filtered out.
        """

    @abstractmethod
    async def with_unbilled(self, after: str | None, limit: int) -> list[str]:
        """Return the ids of accounts that have something unbilled, by id."""

    @abstractmethod
    async def accounts(self, after: str | None, limit: int) -> list[str]:
        """Return the ids of accounts that have records, by id."""

    @abstractmethod
    async def tallies(self, account_id: str, since: int, until: int) -> list[Tally]:
        """Return what an account has used in some time, in microseconds; reads every record."""
