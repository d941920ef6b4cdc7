"""API keys: what they allow, and whether one that was presented is good."""

from dataclasses import dataclass, field

from plg.domain.errors import ForbiddenNetwork, InvalidCredential
from plg.domain.identity.access import Scopes
from plg.domain.identity.networks import Network, is_within
from plg.domain.limits.rates import NO_RATES, Rates

__all__ = ["ApiKey", "KeySecret", "Network"]


@dataclass(frozen=True, slots=True)
class KeySecret:
    """
    What is kept of one secret of a key; a key has at most two that live.

    Attributes:
        public: The 8 public characters, by which it is found.
        pepper_id: Which pepper `digest` was made with.
        digest: HMAC-SHA256 of the whole key under that pepper.
        ends_at: When its grace ends; None for the newest.
    """

    public: str
    key_id: str
    pepper_id: str
    digest: bytes = field(repr=False)
    created_at: float
    ends_at: float | None = None

    def is_live(self, now: float) -> bool:
        """Tell whether it is the newest, or still in its grace."""
        return self.ends_at is None or now < self.ends_at


@dataclass(frozen=True, slots=True)
class ApiKey:
    """
    A key, without its secret.

    Attributes:
        id: Kept for life: regenerating gives the same key a new secret.
        prefix: The public beginning of its newest secret, by which people tell keys apart.
        expires_at: None for never.
        allowed_networks: Where it may be used from; empty for anywhere.
        last_used_at: Exact to the minute; only moves forward.
        revoked_at: Set once and for all.
        updated_at: When it was changed last, by being revoked too; None since it was made.
    """

    id: str
    account_id: str
    name: str
    prefix: str
    scopes: Scopes
    created_at: float
    expires_at: float | None
    allowed_networks: tuple[Network, ...] = ()
    rates: Rates = NO_RATES
    is_enabled: bool = True
    last_used_at: float | None = None
    last_used_address: str | None = None
    revoked_at: float | None = None
    revoked_reason: str | None = None
    updated_at: float | None = None

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    def check(
        self, secret: KeySecret, now: float, address: str | None, *, is_account_active: bool
    ) -> None:
        """
        Check a key whose secret was proved, in the order that holds everywhere.

        Form and existence come before this; scope and rate after it, by the route. What it
        says is told only to who has the secret.

        Raises:
            InvalidCredential: If it is revoked, disabled or expired, or its account deactivated.
            ForbiddenNetwork: If it may not be used from this address.
        """
        if not is_account_active:
            raise InvalidCredential("The account of the key was deactivated.")
        if self.is_revoked:
            raise InvalidCredential("The key was revoked.")
        if not self.is_enabled:
            raise InvalidCredential("The key is disabled.")
        if self.expires_at is not None and now >= self.expires_at:
            raise InvalidCredential("The key has expired.")
        if not secret.is_live(now):
            raise InvalidCredential("The key was replaced, and the time to change over has passed.")
        self.check_address(address)

    def check_address(self, address: str | None) -> None:
        """
        Check where it is used from.

        Raises:
            ForbiddenNetwork: If it may not be used from this address.
        """
        if self.allowed_networks and not is_within(address, self.allowed_networks):
            raise ForbiddenNetwork("The key may not be used from this address.")

    def valid_until(self, secret: KeySecret) -> float:
        """Return when the secret ends, with the key or before it."""
        ends = (end for end in (self.expires_at, secret.ends_at) if end is not None)
        return min(ends, default=float("inf"))
