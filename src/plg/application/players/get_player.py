"""Look a player up."""

from dataclasses import dataclass

from plg.application.access.limits import Limits
from plg.application.reading.read_through import ReadThrough
from plg.domain.access import Caller, Scope
from plg.domain.entries import Entry
from plg.domain.freshness import NO_DIRECTIVES, RequestDirectives
from plg.domain.lookups import Lookup
from plg.domain.players import KillerBiId, Player


@dataclass(frozen=True, slots=True)
class GetPlayer:
    """
    Serve a player from the cache, or fetch, remember and serve it.

    Attributes:
        limits: Count lookups that may reach the source; None where nobody is limited.
    """

    records: ReadThrough[KillerBiId, Player]
    limits: Limits | None = None

    def peek(self, key: KillerBiId, now: float) -> Entry | None:
        """Return the fresh entry in memory, if there is one: the answer that takes no waiting."""
        return self.records.peek(key, now)

    async def __call__(
        self, key: KillerBiId, caller: Caller, directives: RequestDirectives = NO_DIRECTIVES
    ) -> Lookup:
        """
        Return the player's entry and how it was come by.

        What would make a fresh entry unusable is obeyed for callers with `cache:refresh`
        only: anybody else could turn the cache off for the source.

        Raises:
            NoMatch: If there is no such player.
            RateExceeded: If the source had to be asked too often for this caller, and nothing
                stale may be served.
            NotCached: If only a cached answer was wanted, and there is none.
            SourceError: If the source failed, and nothing stale may be served.
        """
        if directives is not NO_DIRECTIVES and Scope.CACHE_REFRESH not in caller.scopes:
            directives = directives.without_refresh()
        permit = None if self.limits is None else self.limits.source_permit(caller)
        return await self.records(key, directives, permit)
