"""Look a record up for somebody."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from plg.application.limits.limits import Limits
from plg.application.records.read_through import ReadThrough
from plg.domain.identity.access import Caller, Scope
from plg.domain.records.freshness import NO_DIRECTIVES, RequestDirectives
from plg.domain.records.lookups import Lookup
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class GetRecord(Generic[K, R]):
    """
    Serve a record from the cache, or fetch, remember and serve it.

    Attributes:
        limits: Count lookups that may reach the source; None where nobody is limited.
    """

    records: ReadThrough[K, R]
    limits: Limits | None = None

    async def __call__(
        self, key: K, caller: Caller, directives: RequestDirectives = NO_DIRECTIVES
    ) -> Lookup:
        """
        Return the record's entry and the outcome of the lookup.

        What would make a fresh entry unusable is obeyed for callers with `cache:refresh`
        only: anybody else could turn the cache off for the source.

        Raises:
            NoMatch: If there is no such record.
            RateExceeded: If the source had to be asked too often for this caller, and nothing
                stale may be served.
            NotCached: If only a cached answer was wanted, and there is none.
            SourceError: If the source failed, and nothing stale may be served.
        """
        if directives is not NO_DIRECTIVES and Scope.CACHE_REFRESH not in caller.scopes:
            directives = directives.without_refresh()
        permit = None if self.limits is None else self.limits.source_permit(caller)
        return await self.records(key, directives, permit)
