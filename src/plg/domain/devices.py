"""Devices: clients that sign what they ask with a secret of their own."""

from dataclasses import dataclass

from plg.domain.access import Scopes


@dataclass(frozen=True, slots=True)
class Device:
    """
    A device of an account.

    Attributes:
        id: As the device calls itself, unique in the installation.
        sealed_secret: Its secret, encrypted at rest: both sides need the clear text to sign.
        last_seen_at: Exact to the minute.
    """

    id: str
    account_id: str
    name: str | None
    platform: str | None
    scopes: Scopes
    sealed_secret: str
    created_at: float
    last_seen_at: float | None = None
    revoked_at: float | None = None
