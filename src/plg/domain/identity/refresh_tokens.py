"""Refresh tokens: what they look like, and how each follows from the one before."""

import base64
import re
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Final

from plg.domain.identity.keyring import Keyring
from plg.domain.identity.sessions import Session
from plg.domain.instants import elapsed

REPEAT_SECONDS: Final = 10
"""How long the former token still gives the same successor: its answer may have been lost."""

_FORM: Final = re.compile(
    r"plg_rt_([0-9A-HJKMNP-TV-Z]{26})_(0|[1-9][0-9]{0,8})_([A-Za-z0-9_-]{43})"
)
_LENGTH_MAX: Final = 128
_MAC: Final = "refresh"
_DIGEST: Final = "refresh-digest"


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A token of a session's family, made by us: its form and MAC were checked."""

    session_id: str
    generation: int
    text: str = field(repr=False)

    def is_newest(self, session: Session, keyring: Keyring) -> bool:
        """Tell whether it is the newest of the session."""
        newest = newest_token(session, keyring)
        return newest is not None and compare_digest(newest.text, self.text)

    def is_repeat(self, session: Session, now: float) -> bool:
        """Tell whether it was the newest a moment ago, and its successor is unused."""
        is_former = self.generation + 1 == session.generation
        return is_former and elapsed(session.rotated_at, now) <= REPEAT_SECONDS


def make_token(
    session_id: str, generation: int, keyring: Keyring, pepper_id: str | None = None
) -> RefreshToken:
    """Return a token of a family: nobody without the secret can tell it from its predecessors."""
    mac = keyring.digest(_MAC, f"{session_id}/{generation}".encode(), pepper_id)
    text = base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
    return RefreshToken(session_id, generation, f"plg_rt_{session_id}_{generation}_{text}")


def token_digest(token: RefreshToken, keyring: Keyring, pepper_id: str | None = None) -> bytes:
    """Return what is kept of a token."""
    return keyring.digest(_DIGEST, token.text.encode(), pepper_id)


def read_token(text: str, keyring: Keyring) -> RefreshToken | None:
    """Return the token, if it was made by us under a secret that is still set."""
    match = _FORM.fullmatch(text) if len(text) <= _LENGTH_MAX else None
    if match is None:
        return None
    made = [make_token(match[1], int(match[2]), keyring, each) for each in keyring.pepper_ids]
    found = [token for token in made if compare_digest(token.text, text)]
    return found[0] if found else None


def newest_token(session: Session, keyring: Keyring) -> RefreshToken | None:
    """Return the token that the session was last given; None if its secret is not set any more."""
    for pepper_id in keyring.pepper_ids:
        token = make_token(session.id, session.generation, keyring, pepper_id)
        if compare_digest(token_digest(token, keyring, pepper_id), session.digest):
            return token
    return None
