"""What a maker may give to a key: never more than it has itself."""

from dataclasses import dataclass
from typing import Final, Self

from plg.domain.access import DATA_SCOPES, Caller, Scope, Scopes
from plg.domain.api_key_fields import EXPIRY_SECONDS
from plg.domain.api_keys import ApiKey
from plg.domain.errors import Forbidden, InsufficientScope, InvalidParameter
from plg.domain.networks import Network, are_within
from plg.domain.rates import NO_RATES, Rate, Rates

_TIERS: Final = ("burst", "sustained")


class BeyondMaker(Forbidden):
    """The key would outlive, or reach further than, the key that makes or changes it."""

    code = "beyond_maker"


@dataclass(frozen=True, slots=True)
class Grant:
    """
    The most that a key of this maker may be.

    Attributes:
        expires_at: None where it may hold for ever.
        networks: Empty where it may be used from anywhere.
        rates: The highest of its own; None where any may be.
    """

    scopes: Scopes
    expires_at: float | None = None
    networks: tuple[Network, ...] = ()
    rates: Rates = NO_RATES

    @classmethod
    def of(cls, maker: Caller, maker_key: ApiKey | None, ceiling: Rates = NO_RATES) -> Self:
        """
        Return what the maker may give.

        Args:
            maker: Who makes or changes a key.
            maker_key: The key that the maker uses, where it is one.
            ceiling: The highest rates that anybody but an admin may give.
        """
        above = NO_RATES if Scope.ADMIN in maker.scopes else ceiling
        rates = Rates(maker.rates.burst or above.burst, maker.rates.sustained or above.sustained)
        if maker_key is None:
            return cls(maker.scopes, rates=rates)
        return cls(maker.scopes, maker_key.expires_at, maker_key.allowed_networks, rates)

    def default_scopes(self) -> Scopes:
        """Return what a key may do whose maker does not say."""
        return DATA_SCOPES & self.scopes or DATA_SCOPES

    def default_expiry(self, now: float) -> float:
        """Return when a key ends whose maker does not say."""
        usual = now + EXPIRY_SECONDS
        return usual if self.expires_at is None else min(usual, self.expires_at)

    def check(self, key: ApiKey, before: ApiKey | None = None) -> None:
        """
        Check what a key is to be; of one that there was `before`, what is changed, and scopes.

        Raises:
            InsufficientScope: If it has a scope that the maker lacks.
            BeyondMaker: If it outlives the maker's key, or could be used where that may not.
            InvalidParameter: If it has a rate that is too high.
        """
        for scope in sorted(key.scopes - self.scopes):
            raise InsufficientScope(scope)
        if before is None or key.expires_at != before.expires_at:
            self._check_expiry(key)
        if before is None or key.allowed_networks != before.allowed_networks:
            self._check_networks(key)
        for tier in _TIERS:
            if before is None or getattr(key.rates, tier) != getattr(before.rates, tier):
                self._check_rate(tier, getattr(key.rates, tier), getattr(self.rates, tier))

    def _check_expiry(self, key: ApiKey) -> None:
        if self.expires_at is None:
            return
        if key.expires_at is None or key.expires_at > self.expires_at:
            raise BeyondMaker("The key would outlive the key that you use.")

    def _check_networks(self, key: ApiKey) -> None:
        if not self.networks:
            return
        if not key.allowed_networks or not are_within(key.allowed_networks, self.networks):
            raise BeyondMaker("The key would be allowed where the key that you use is not.")

    def _check_rate(self, tier: str, wanted: Rate | None, most: Rate | None) -> None:
        if wanted is None or most is None:
            return
        if wanted.limit > most.limit or wanted.limit * most.seconds > most.limit * wanted.seconds:
            raise InvalidParameter(f"limits.{tier}", f"limits.{tier} must be at most {most}.")
