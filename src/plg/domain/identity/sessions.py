"""Sessions: what a log-in begins and a log-out ends."""

from dataclasses import dataclass, field

from plg.domain.identity.access import Scopes


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

    def is_live(self, now: float) -> bool:
        """Tell whether it continues."""
        return self.ended_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class TokenLife:
    """
    How long tokens last.

    Attributes:
        refresh_seconds: Of a refresh token, from its use on: how long a session may be left alone.
    """

    access_seconds: int
    refresh_seconds: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """
    What a client holds of a session.

    Attributes:
        expires_in: Seconds that the access token has left.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    scopes: Scopes
