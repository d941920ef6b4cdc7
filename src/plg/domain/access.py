"""Who asks, and what a route demands of them."""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a credential may be good for."""

    PLAYERS_READ = "players:read"
    VEHICLES_READ = "vehicles:read"
    CACHE_REFRESH = "cache:refresh"


class LimitTier(StrEnum):
    """Which limits a route counts against, besides the burst and sustained ones of every route."""

    READ = "read"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, after identification; `id` is what logs and metrics may show."""

    id: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Access:
    """What a protected route demands: one scope, and the limit tier it counts against."""

    scope: Scope
    tier: LimitTier = LimitTier.READ

    def admits(self, caller: Caller) -> bool:
        """Tell whether the caller may use the route."""
        return self.scope in caller.scopes


SERVICE_SCOPES = frozenset({Scope.PLAYERS_READ, Scope.VEHICLES_READ, Scope.CACHE_REFRESH})
