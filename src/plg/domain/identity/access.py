"""Who asks, and what a route demands of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from plg.domain.limits.rates import NO_RATES, LimitTier, Rates
from plg.domain.plans.tariffs import Tariff


class Scope(StrEnum):
    """What a credential may be good for, besides reading the resources that are declared."""

    PLAYERS_READ = "players:read"
    VEHICLES_READ = "vehicles:read"
    CACHE_REFRESH = "cache:refresh"
    DEVICES_REGISTER = "devices:register"
    KEYS_READ = "keys:read"
    KEYS_WRITE = "keys:write"
    ACCOUNT_READ = "account:read"
    ACCOUNT_WRITE = "account:write"
    BILLING_READ = "billing:read"
    BILLING_WRITE = "billing:write"
    ADMIN = "admin"


Scopes = frozenset[str]
"""Names of scopes; one that no route asks for, such as that of a former resource, is inert."""
SERVICE_SCOPES: Final[Scopes] = frozenset(
    {Scope.PLAYERS_READ, Scope.VEHICLES_READ, Scope.CACHE_REFRESH}
)
INCLUDED_IN: Final[Mapping[str, Scope]] = {
    Scope.KEYS_READ: Scope.KEYS_WRITE,
    Scope.ACCOUNT_READ: Scope.ACCOUNT_WRITE,
    Scope.BILLING_READ: Scope.BILLING_WRITE,
}
"""Who may change something may look at it: a `:write` includes its `:read`."""

DATA_SCOPES: Final[Scopes] = frozenset({Scope.PLAYERS_READ, Scope.VEHICLES_READ})
"""Those that read the records that PLG knows without a declaration."""
BUILT_IN: Final[Scopes] = frozenset(Scope)
SCOPE_PATTERN: Final = r"^(admin|[a-z][a-z0-9_-]{0,31}:[a-z]+)$"
"""What the name of a scope looks like."""


class ScopeCatalogue:
    """
    Which scopes there are now: PLG's own, and one for each declared resource.

    Attributes:
        declared: Those of declared resources.
        data: What a key or a device has unless its maker asks for something else.
        service: What the service key has.
        known: All of them.
    """

    __slots__ = ("data", "declared", "known", "service")

    def __init__(self, declared: Scopes = frozenset()) -> None:
        self.declare(declared)

    def declare(self, declared: Scopes) -> None:
        """Take these as those of declared resources, in the place of the former ones."""
        self.declared = declared
        self.data = DATA_SCOPES | declared
        self.service = SERVICE_SCOPES | declared
        self.known = BUILT_IN | declared


ONLY_BUILT_IN: Final = ScopeCatalogue()
"""Where no resource is declared."""


def with_included(scopes: Scopes) -> Scopes:
    """Return the scopes and those that they include."""
    return scopes | {scope for scope, wider in INCLUDED_IN.items() if wider in scopes}


@dataclass(frozen=True, slots=True)
class Caller:
    """
    Who asks, after identification.

    Attributes:
        id: What logs and metrics may show, and what rate limits count under.
        account_id: Whose credential it is; None for the operator's service key.
        key_id: The API key, where one was sent.
        device_id: The device, where it signed or holds a token of its own.
        session_id: The session (refresh family), where an access token was sent.
        rates: They replace the defaults: the credential's own, else those of its account's plan.
        is_limited: False for the service key alone.
        tariff: What the account may use and what that costs; None where nothing is billed.
        is_bound: Whether the account may have vehicles of its fleets only, and none without one.
    """

    id: str
    scopes: Scopes
    account_id: str | None = None
    key_id: str | None = None
    device_id: str | None = None
    session_id: str | None = None
    rates: Rates = NO_RATES
    is_limited: bool = True
    tariff: Tariff | None = None
    is_bound: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """
    What a protected route demands: one scope.

    Attributes:
        scope: Its name; None where any verified credential will do.
        tier: The limit it counts against besides burst and sustained, if there is one.
    """

    scope: str | None
    tier: LimitTier | None = None

    def admits(self, caller: Caller) -> bool:
        """Tell whether the caller may use the route."""
        wanted, held = self.scope, caller.scopes
        return wanted is None or wanted in held or INCLUDED_IN.get(wanted) in held
