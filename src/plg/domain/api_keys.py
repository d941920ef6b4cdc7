"""API keys: what they look like, and what they allow."""

import ipaddress
from dataclasses import dataclass

from plg.domain.access import Scopes
from plg.domain.rates import NO_RATES, Rates

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


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
    digest: bytes
    created_at: float
    ends_at: float | None = None
