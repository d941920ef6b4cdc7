"""What somebody wants an API key to be, where they say it."""

from dataclasses import dataclass, replace

from plg.domain.identity.access import Scopes
from plg.domain.identity.api_key_fields import expiry_of
from plg.domain.identity.api_keys import ApiKey
from plg.domain.identity.networks import Network
from plg.domain.limits.rates import Rate, Rates
from plg.domain.not_given import NOT_GIVEN, NotGiven, given_fields

__all__ = ["NOT_GIVEN", "KeyChange", "NotGiven"]


@dataclass(frozen=True, slots=True)
class KeyChange:
    """
    The fields of a key that its maker speaks of.

    Attributes:
        expires_at: None for never.
        burst: None for the default.
        sustained: None for the default.
    """

    name: str | NotGiven = NOT_GIVEN
    scopes: Scopes | NotGiven = NOT_GIVEN
    expires_at: float | NotGiven | None = NOT_GIVEN
    allowed_networks: tuple[Network, ...] | NotGiven = NOT_GIVEN
    burst: Rate | NotGiven | None = NOT_GIVEN
    sustained: Rate | NotGiven | None = NOT_GIVEN
    is_enabled: bool | NotGiven = NOT_GIVEN

    def applied_to(self, key: ApiKey, now: float) -> ApiKey:
        """
        Return the key as it is wanted.

        Raises:
            InvalidParameter: If it should expire in the past or too far ahead.
        """
        changes = given_fields(self)
        rates = Rates(
            changes.pop("burst", key.rates.burst), changes.pop("sustained", key.rates.sustained)
        )
        if "expires_at" in changes:
            changes["expires_at"] = expiry_of(changes["expires_at"], now)
        return replace(key, rates=rates, **changes)
