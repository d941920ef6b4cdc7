"""What a maker may give to a key: never more than it has itself."""

from dataclasses import dataclass, replace
from typing import Final, Self

from plg.domain.errors import InsufficientScope, InvalidParameter
from plg.domain.identity.access import (
    ONLY_BUILT_IN,
    Caller,
    Scope,
    ScopeCatalogue,
    Scopes,
    with_included,
)
from plg.domain.identity.api_key_fields import EXPIRY_SECONDS
from plg.domain.identity.api_keys import ApiKey
from plg.domain.identity.networks import Network, are_within
from plg.domain.limits.rates import NO_RATES, Rate, Rates

_TIERS: Final = ("burst", "sustained")


@dataclass(frozen=True, slots=True)
class Grant:
    """
    The most that a key of this maker may be.

    Attributes:
        expires_at: None where it may hold for ever.
        networks: Empty where it may be used from anywhere.
        rates: The highest of its own; None where any may be.
        own_rates: What the maker's credential is held to, and so what it makes.
        catalogue: The scopes that there are.
    """

    scopes: Scopes
    expires_at: float | None = None
    networks: tuple[Network, ...] = ()
    rates: Rates = NO_RATES
    own_rates: Rates = NO_RATES
    catalogue: ScopeCatalogue = ONLY_BUILT_IN

    @classmethod
    def of(
        cls,
        maker: Caller,
        maker_key: ApiKey | None,
        ceiling: Rates = NO_RATES,
        catalogue: ScopeCatalogue = ONLY_BUILT_IN,
    ) -> Self:
        """
        Return what the maker may give.

        Args:
            maker: Who makes or changes a key.
            maker_key: The key that the maker uses, where it is one.
            ceiling: The highest rates that anybody but an admin may give.
            catalogue: The scopes that there are.
        """
        above = NO_RATES if Scope.ADMIN in maker.scopes else ceiling
        own = maker.rates
        rates = Rates(own.burst or above.burst, own.sustained or above.sustained)
        expires_at = None if maker_key is None else maker_key.expires_at
        networks = () if maker_key is None else maker_key.allowed_networks
        return cls(with_included(maker.scopes), expires_at, networks, rates, own, catalogue)

    def fill(self, key: ApiKey, now: float) -> ApiKey:
        """Return the key with what it is where its maker does not say."""
        expires_at = now + EXPIRY_SECONDS
        if self.expires_at is not None:
            expires_at = min(expires_at, self.expires_at)
        return replace(
            key,
            scopes=self.catalogue.data & self.scopes or self.catalogue.data,
            expires_at=expires_at,
            allowed_networks=self.networks,
            rates=self.own_rates,
            is_enabled=True,
        )

    def check_names(self, added: Scopes) -> None:
        """
        Check scopes that a key has not had before.

        Raises:
            InvalidParameter: If there is not such a one.
        """
        known = self.catalogue.known
        if not added <= known:
            raise InvalidParameter("scopes", f"scopes may hold {', '.join(sorted(known))}.")

    def check(self, key: ApiKey, before: ApiKey | None = None) -> None:
        """
        Check what a key is to be; of one that there was `before`, what is changed, and scopes.

        Raises:
            InsufficientScope: If it has a scope that the maker lacks.
            InvalidParameter: If it outlives the maker's key, could be used where that may not,
                or has a rate that is too high.
        """
        for scope in sorted(key.scopes & self.catalogue.known - self.scopes):
            text = f"The key cannot have the scope {scope}, which its maker does not have."
            raise InsufficientScope(scope, text)
        if before is None or key.expires_at != before.expires_at:
            self._check_expiry(key)
        if before is None or key.allowed_networks != before.allowed_networks:
            self._check_networks(key)
        for tier in _TIERS:
            if before is None or getattr(key.rates, tier) != getattr(before.rates, tier):
                self._check_rate(tier, getattr(key.rates, tier))

    def _check_expiry(self, key: ApiKey) -> None:
        if self.expires_at is None:
            return
        if key.expires_at is None or key.expires_at > self.expires_at:
            raise InvalidParameter("expires_at", "The key would outlive the key that you use.")

    def _check_networks(self, key: ApiKey) -> None:
        if not self.networks:
            return
        if not key.allowed_networks or not are_within(key.allowed_networks, self.networks):
            raise InvalidParameter(
                "allowed_networks", "The key would be allowed where the key that you use is not."
            )

    def _check_rate(self, tier: str, wanted: Rate | None) -> None:
        most: Rate | None = getattr(self.rates, tier)
        if wanted is None:
            is_too_much = getattr(self.own_rates, tier) is not None
        else:
            is_too_much = most is not None and wanted.exceeds(most)
        if is_too_much:
            raise InvalidParameter(f"limits.{tier}", f"limits.{tier} must be at most {most}.")
