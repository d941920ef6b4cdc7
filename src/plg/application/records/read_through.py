"""The engine: from memory, else from the durable tier, else from the source."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from plg.application.ports.records.cache import RecentRecordsPort
from plg.application.ports.records.source import NotModified
from plg.application.records.entry_maker import EntryMaker
from plg.application.records.guard import GuardedSource
from plg.application.records.negative_cache import NegativeCache
from plg.application.records.single_flight import SingleFlight
from plg.application.records.tiers import CacheTiers
from plg.application.records.watches import Watch
from plg.domain.errors import (
    NoMatch,
    NotCached,
    RateExceeded,
    SourceBusy,
    SourceError,
    SourceUnavailable,
)
from plg.domain.records.entries import Entry
from plg.domain.records.freshness import NO_DIRECTIVES, RequestDirectives, Verdict
from plg.domain.records.lookups import Forward, Lookup, Outcome
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)
R = TypeVar("R")
Permit = Callable[[], Awaitable[None]]
"""Called before a lookup calls the source for its caller; raises RateExceeded to forbid it."""


class ReadThrough(Generic[K, R]):
    """
    Serves records of one resource, and asks the source as rarely as the rules allow.

    Args:
        recent: The memory tier, which is also the first of `tiers`.
        timeout: Seconds for a whole lookup that has to ask the source.
    """

    def __init__(
        self,
        recent: RecentRecordsPort[K],
        tiers: CacheTiers[K],
        source: GuardedSource[K, R],
        maker: EntryMaker[R],
        negative_cache: NegativeCache,
        *,
        timeout: float,
    ) -> None:
        self.policy = maker.policy
        self._recent = recent
        self._tiers = tiers
        self._source = source
        self._maker = maker
        self._clock = maker.clock
        self._absences = negative_cache
        self._timeout = timeout
        self._fetches: SingleFlight[K, Lookup] = SingleFlight()
        self.memory_hits = 0

    @property
    def resource(self) -> str:
        """The kind of record."""
        return self._source.resource

    @property
    def in_flight(self) -> int:
        """How many lookups ask the source, or wait for their turn to ask."""
        return len(self._fetches)

    def peek(self, key: K, now: float) -> Entry | None:
        """Return the entry that answers at once without any waiting, if there is one."""
        entry = self._recent.peek(key)
        return entry if entry is not None and entry.is_fresh(now) else None

    def note_hit(self) -> None:
        """Count a lookup that found its entry in memory, once: `peek` may be asked repeatedly."""
        self.memory_hits += 1

    async def __call__(
        self,
        key: K,
        directives: RequestDirectives = NO_DIRECTIVES,
        permit: Permit | None = None,
    ) -> Lookup:
        """
        Return the record's entry and the outcome of the lookup.

        The permit is asked for where the caller has to wait for a call that nobody has begun.
        Who waits for another's call, or lets one be made behind a stale answer, needs none.

        Raises:
            RateExceeded: If the permit was refused, and nothing stale may be served.
            NoMatch: If the source has no such record.
            NotCached: If the request wants nothing but a cached answer, and there is none.
            SourceError: If the source had to be asked and failed, and nothing stale may be served.
        """
        known = self._recent.peek(key)
        if known is not None and known.is_ahead(self._clock.now()):
            await self._tiers.forget_recent(key)  # else it would hold off what is fetched later
            known = None
        if known is not None:
            self.note_hit()
        served = self._serve_known(key, known, directives)
        if served is None:
            served = await self._look_further(key, known, directives, permit)
        return served

    async def purge(self, key: K | None) -> None:
        """Forget one entry, or all; calls to the source under way will not bring it back."""
        if key is None:
            self._absences.clear()
        else:
            self._absences.discard(key.value)
        await self._tiers.purge(key)

    async def drain(self) -> None:
        """Wait until no lookup asks the source."""
        await self._fetches.drain()

    def _serve_known(
        self, key: K, known: Entry | None, directives: RequestDirectives
    ) -> Lookup | None:
        if known is None:
            is_absent = self._absences.covers(key.value, self._clock.monotonic())
            if is_absent and not directives.no_cache:
                raise NoMatch("The source had no match a moment ago.")
            return None
        verdict = self.policy.judge(known, directives, self._clock.now())
        if verdict is Verdict.FRESH:
            return Lookup(known, Outcome.HIT)
        if verdict is Verdict.UNUSABLE:
            return None
        if key not in self._fetches and not directives.only_if_cached:
            until = asyncio.get_running_loop().time() + self._timeout
            self._start(key, known, NO_DIRECTIVES, until, is_latest=False)
        return Lookup(known, Outcome.STALE_WHILE_REVALIDATE)

    async def _look_further(
        self, key: K, known: Entry | None, directives: RequestDirectives, permit: Permit | None
    ) -> Lookup:
        until = asyncio.get_running_loop().time() + self._timeout
        is_latest = known is None
        if known is None and key not in self._fetches:
            loaded = await self._tiers.load(key)
            known = self._recent.peek(key) or loaded
            served = self._serve_known(key, known, directives)
            if served is not None:
                return served
        if directives.only_if_cached:
            raise NotCached("Nothing that may be served is cached under this key.")
        if permit is not None and key not in self._fetches:
            try:
                await permit()
            except RateExceeded:
                latest = known if is_latest else await self._newest(key, known)
                if latest is None or not self._may_outlive_error(latest):
                    raise
                return self._serve_unasked(latest, directives)
        return await self._ask(key, known, directives, until, is_latest=is_latest)

    def _serve_unasked(self, latest: Entry, directives: RequestDirectives) -> Lookup:
        verdict = self.policy.judge(latest, directives, self._clock.now())
        return Lookup(latest, Outcome.HIT if verdict is Verdict.FRESH else Outcome.STALE_IF_ERROR)

    async def _ask(
        self,
        key: K,
        known: Entry | None,
        directives: RequestDirectives,
        until: float,
        *,
        is_latest: bool,
    ) -> Lookup:
        joins = key in self._fetches
        if joins:
            self._source.observer.collapsed(self.resource)
        else:
            self._start(key, known, directives, until, is_latest=is_latest)
        lookup = await self._fetches.wait(key)
        if joins and lookup.outcome in (Outcome.MISS, Outcome.REVALIDATED):
            return Lookup(lookup.entry, Outcome.COLLAPSED, self._reason(known))
        return lookup

    def _start(
        self,
        key: K,
        known: Entry | None,
        directives: RequestDirectives,
        until: float,
        *,
        is_latest: bool,
    ) -> None:
        watch = self._tiers.watch(key)

        async def fetch() -> Lookup:
            with watch:
                latest = known if is_latest else await self._newest(key, known)
                if latest is not known and latest is not None:
                    verdict = self.policy.judge(latest, directives, self._clock.now())
                    if verdict is Verdict.FRESH:
                        return Lookup(latest, Outcome.HIT)
                return await self._fetch(key, latest, until, watch)

        self._fetches.start(key, fetch)

    async def _newest(self, key: K, known: Entry | None) -> Entry | None:
        """Look whether another process on the same durable tier has refreshed it already."""
        loaded = await self._tiers.load(key)
        if known is None or (loaded is not None and loaded.validated_at > known.validated_at):
            return loaded
        return known

    async def _fetch(self, key: K, known: Entry | None, until: float, watch: Watch[K]) -> Lookup:
        forward = self._reason(known)
        validator = known.validator if known is not None else None
        try:
            answer = await self._source.fetch(key, validator, until)
        except SourceError as error:
            if known is None or watch.was_purged or not self._may_outlive_error(known):
                raise
            return _stale_if_error(known, forward, error)
        if answer is None:
            if not watch.was_purged:
                self._absences.add(key.value, self._clock.monotonic())
            await self._tiers.remove(key)
            raise NoMatch("The source has no record under this key.")
        entry = self._maker.make(answer, known)
        self._absences.discard(key.value)
        if known is not None and known.is_ahead(entry.validated_at):
            await self._tiers.remove(key)
        is_stored = await self._tiers.put(key, entry, watch)
        if isinstance(answer, NotModified):
            return Lookup(entry, Outcome.REVALIDATED, forward, 304, is_stored)
        return Lookup(entry, Outcome.MISS, forward, 200, is_stored)

    def _may_outlive_error(self, known: Entry) -> bool:
        return self.policy.allows_on_error(known, self._clock.now())

    def _reason(self, known: Entry | None) -> Forward:
        if known is None:
            return Forward.URI_MISS
        return Forward.REQUEST if known.is_fresh(self._clock.now()) else Forward.STALE


def _stale_if_error(known: Entry, forward: Forward, error: SourceError) -> Lookup:
    if isinstance(error, SourceUnavailable | SourceBusy):
        return Lookup(known, Outcome.STALE_IF_ERROR)
    return Lookup(known, Outcome.STALE_IF_ERROR, forward, error.status)
