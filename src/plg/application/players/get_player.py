"""Look a player up."""

from dataclasses import dataclass

from plg.application.reading.read_through import ReadThrough
from plg.domain.access import Caller, Scope
from plg.domain.entries import Entry
from plg.domain.freshness import NO_DIRECTIVES, RequestDirectives
from plg.domain.lookups import Lookup
from plg.domain.players import KillerBiId, Player


@dataclass(frozen=True, slots=True)
class GetPlayer:
    """Serve a player from the cache, or fetch, remember and serve it."""

    records: ReadThrough[KillerBiId, Player]

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
            NotCached: If only a cached answer was wanted, and there is none.
            SourceError: If the source failed, and nothing stale may be served.
        """
        if directives is not NO_DIRECTIVES and Scope.CACHE_REFRESH not in caller.scopes:
            directives = directives.without_refresh()
        return await self.records(key, directives)
