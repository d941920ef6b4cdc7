"""What somebody wants an API key to be, where they say it."""

from dataclasses import dataclass, replace

from plg.domain.identity.access import Scopes
from plg.domain.identity.api_key_fields import expiry_of
from plg.domain.identity.api_keys import ApiKey
from plg.domain.identity.networks import Network
from plg.domain.limits.rates import Rate, Rates
from plg.domain.not_given import UNSAID, Unsaid, said

__all__ = ["UNSAID", "KeyWish", "Unsaid"]


@dataclass(frozen=True, slots=True)
class KeyWish:
    """
    The fields of a key that its maker speaks of.

    Attributes:
        expires_at: None for never.
        burst: None for the default.
        sustained: None for the default.
    """

    name: str | Unsaid = UNSAID
    scopes: Scopes | Unsaid = UNSAID
    expires_at: float | Unsaid | None = UNSAID
    allowed_networks: tuple[Network, ...] | Unsaid = UNSAID
    burst: Rate | Unsaid | None = UNSAID
    sustained: Rate | Unsaid | None = UNSAID
    is_enabled: bool | Unsaid = UNSAID

    def applied_to(self, key: ApiKey, now: float) -> ApiKey:
        """
        Return the key as it is wanted.

        Raises:
            InvalidParameter: If it should expire in the past or too far ahead.
        """
        changes = said(self)
        rates = Rates(
            changes.pop("burst", key.rates.burst), changes.pop("sustained", key.rates.sustained)
        )
        if "expires_at" in changes:
            changes["expires_at"] = expiry_of(changes["expires_at"], now)
        return replace(key, rates=rates, **changes)
