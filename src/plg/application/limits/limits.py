"""How often may who ask what."""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache, partial
from typing import Final

from plg.application.ports.clock import ClockPort
from plg.application.ports.limits import LimitsObserverPort, LocalLimiterPort
from plg.domain.errors import RateExceeded
from plg.domain.identity.access import Caller
from plg.domain.limits.rates import (
    NO_RATES,
    UNLIMITED,
    Decision,
    LimitTier,
    Rate,
    Rates,
    Rule,
    RuleSet,
)

OWN_RULES_MAX: Final = 4096
UNKNOWN_ADDRESS: Final = "address:unknown"
_IPV6_NETWORK_BITS: Final = 64


class Limits:
    """
    Applies the operator's rates, or those of a credential or its plan, to callers and to addresses.

    Args:
        rates: The rate of every tier.
        credentials: Counts verified callers in this process; apart from `addresses`, so that
            neither can push the other out.
    """

    def __init__(
        self,
        rates: Mapping[LimitTier, Rate],
        credentials: LocalLimiterPort,
        addresses: LocalLimiterPort,
        observer: LimitsObserverPort,
        clock: ClockPort,
    ) -> None:
        self._rates = dict(rates)
        self._credentials = credentials
        self._addresses = addresses
        self._observer = observer
        self._monotonic = clock.monotonic
        self._everywhere = self._make(NO_RATES, None)
        self._by_tier = {tier: self._make(NO_RATES, tier) for tier in LimitTier}
        self._source_calls = RuleSet((self._rule(LimitTier.SOURCE_CALLS),))
        self._own = lru_cache(OWN_RULES_MAX)(self._make)
        self._own_source_calls = lru_cache(OWN_RULES_MAX)(self._make_source_calls)

    def rules_for(self, caller: Caller, tier: LimitTier | None = None) -> RuleSet:
        """Return the rules of a route with this tier for the caller."""
        if caller.rates is not NO_RATES and caller.rates != NO_RATES:
            return self._own(caller.rates, tier)
        return self.rules_for_address(tier)

    def rules_for_address(self, tier: LimitTier | None = None) -> RuleSet:
        """Return the rules of a route with this tier for somebody who is not known."""
        return self._everywhere if tier is None else self._by_tier[tier]

    def spend_at_once(self, caller: Caller) -> Decision | None:
        """
        Count a request for data, and return the decision if it is allowed.

        Returns None, and counts nothing, where `spend` has to decide: where it takes waiting,
        or is refused, which is told and answered in one place.
        """
        if not caller.is_limited:
            return UNLIMITED
        rules = self._everywhere if caller.rates is NO_RATES else self.rules_for(caller)
        decision = self._credentials.spend_now(caller.id, rules, self._monotonic())
        return None if decision.violated else decision

    async def spend(self, caller: Caller, tier: LimitTier | None = None) -> Decision:
        """Count a caller's request to a route with this tier; return whether it may go on."""
        if not caller.is_limited:
            return UNLIMITED
        return self._spend(self._credentials, caller.id, self.rules_for(caller, tier))

    async def spend_address(self, address: str, tier: LimitTier | None = None) -> Decision:
        """Count a request of somebody who is not known: by address, IPv6 by its /64."""
        rules = self.rules_for_address(tier)
        return self._spend(self._addresses, subject_of(address), rules)

    async def spend_source_call(self, caller: Caller) -> Decision:
        """Count a lookup of the caller's that may reach the source."""
        if not caller.is_limited:
            return UNLIMITED
        tariff = caller.tariff
        rules = self._source_calls
        if tariff is not None and tariff.source_calls is not None:
            rules = self._own_source_calls(tariff.source_calls)
        return self._spend(self._credentials, caller.id, rules)

    def source_permit(self, caller: Caller) -> Callable[[], Awaitable[None]] | None:
        """
        Return what a lookup calls before it makes the caller's call to the source.

        It raises RateExceeded where the caller has made too many. None: no limit holds.
        """
        return partial(self._permit, caller) if caller.is_limited else None

    async def _permit(self, caller: Caller) -> None:
        decision = await self.spend_source_call(caller)
        if decision.violated:
            raise RateExceeded(decision)

    def _spend(self, local: LocalLimiterPort, subject: str, rules: RuleSet) -> Decision:
        decision = local.spend_now(subject, rules, self._monotonic())
        for rule in decision.violated:
            self._observer.limited(rule.tier.value)
        return decision

    def _make(self, own: Rates, tier: LimitTier | None) -> RuleSet:
        rules = [
            self._rule(LimitTier.BURST, own.burst),
            self._rule(LimitTier.SUSTAINED, own.sustained),
        ]
        if tier is not None and tier not in (LimitTier.BURST, LimitTier.SUSTAINED):
            rules.append(self._rule(tier))
        return RuleSet(tuple(rules))

    def _make_source_calls(self, own: Rate) -> RuleSet:
        return RuleSet((self._rule(LimitTier.SOURCE_CALLS, own),))

    def _rule(self, tier: LimitTier, own: Rate | None = None) -> Rule:
        return Rule(tier, own or self._rates[tier])


def subject_of(address: str) -> str:
    """Return what a client's address is counted under; all that is no address counts as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return UNKNOWN_ADDRESS
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return f"address:{int(parsed) >> _IPV6_NETWORK_BITS:x}/{_IPV6_NETWORK_BITS}"
        parsed = parsed.ipv4_mapped
    return f"address:{parsed}"
