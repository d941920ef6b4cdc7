"""Sessions: what a log-in begins and a log-out ends."""

from dataclasses import dataclass

from plg.domain.access import Scopes


@dataclass(frozen=True, slots=True)
class Session:
    """
    A family of refresh tokens: each use makes the next generation, and any other reuse ends it.

    Attributes:
        device_id: The device that proved itself, where it was no log-in.
        generation: Of the newest refresh token, from 0.
        rotated_at: When that generation was made.
        digest: Keyed digest of the newest refresh token.
        expires_at: Of the newest refresh token.
    """

    id: str
    account_id: str
    scopes: Scopes
    created_at: float
    expires_at: float
    digest: bytes
    generation: int = 0
    rotated_at: float = 0.0
    device_id: str | None = None
    ended_at: float | None = None
    ended_reason: str | None = None
