"""Say how PLG is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from plg.application.background import Background
from plg.application.ports.health import StoragePort
from plg.application.ports.records.record_file import RecordFilePort
from plg.application.records.breaker import Breaker, BreakerState
from plg.domain.errors import StorageUnavailable
from plg.domain.records.freshness import FreshnessPolicy


class Status(StrEnum):
    """Ok; degraded, with answers still given; or down."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Check:
    """How one thing is, and a word on why."""

    status: Status
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """
    A declared source, as it is known without asking it.

    Attributes:
        files: That its records come from.
    """

    breaker: Breaker
    files: Sequence[RecordFilePort]

    @property
    def trouble(self) -> str | None:
        """What is wrong with it; None where nothing is known to be."""
        if self.breaker.state is not BreakerState.CLOSED:
            return _told(f"the breaker is {self.breaker.state}", self.breaker)
        fault = next((file.fault for file in self.files if file.fault is not None), None)
        return None if fault is None else f"the file cannot be used: {fault}"


@dataclass(frozen=True, slots=True)
class Health:
    """The health of PLG as a whole, and of each thing that it depends on."""

    status: Status
    database: Check
    cache: Check
    source: Check
    sources: Mapping[str, Check] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Tell whether requests should be sent here."""
        return self.status is not Status.DOWN


@dataclass(frozen=True, slots=True)
class CheckHealth:
    """
    Look at database, cache and the source's last known state; the source is never called.

    PLG is down without its database, where what is billable cannot be written, and where work in
    the background has ended. Without its durable cache it answers from memory and source; without
    its source it answers from the cache, where stale answers are allowed.

    Attributes:
        ledger: The database once more, as what writes to it finds it.
        breaker: Of the players' source or, where only vehicles are served, of theirs.
        vehicles: The breaker of the vehicles' source beside it; players are served without it, so
            it degrades and no more.
        sources: Tells the declared ones, by name; one that is down degrades, since others are
            served without it.
    """

    database: StoragePort
    ledger: StoragePort
    cache: StoragePort
    breaker: Breaker
    policy: FreshnessPolicy
    background: Background
    vehicles: Breaker | None = None
    sources: Callable[[], Mapping[str, WatchedSource]] = dict

    async def __call__(self) -> Health:
        database = await self._database()
        cache = await _look(self.cache, Status.DEGRADED)
        source = self._source()
        sources = {name: self._declared(each) for name, each in self.sources().items()}
        checks = (database, cache, source, *sources.values())
        worst = max(checks, key=lambda check: list(Status).index(check.status))
        return Health(worst.status, database, cache, source, sources)

    async def _database(self) -> Check:
        for storage in (self.database, self.ledger):
            check = await _look(storage, Status.DOWN)
            if check.status is not Status.OK:
                return check
        if self.background.has_ended:
            return Check(Status.DOWN, "work in the background has ended: restart PLG")
        return check

    def _declared(self, source: WatchedSource) -> Check:
        if source.trouble is None:
            return Check(Status.OK)
        return Check(Status.DEGRADED, source.trouble)

    def _source(self) -> Check:
        state = self.breaker.state
        if state is not BreakerState.CLOSED:
            can_serve_stale = self.policy.stale_if_error > 0
            status = Status.DEGRADED if can_serve_stale else Status.DOWN
            return Check(status, _told(f"the breaker is {state}", self.breaker))
        if self.vehicles is not None and self.vehicles.state is not BreakerState.CLOSED:
            told = _told(f"the breaker of vehicles is {self.vehicles.state}", self.vehicles)
            return Check(Status.DEGRADED, told)
        return Check(Status.OK)


def _told(what: str, breaker: Breaker) -> str:
    return what if breaker.cause is None else f"{what}: {breaker.cause}"


async def _look(storage: StoragePort, otherwise: Status) -> Check:
    try:
        await storage.ping()
    except StorageUnavailable as error:
        return Check(otherwise, str(error))
    return Check(Status.OK)
