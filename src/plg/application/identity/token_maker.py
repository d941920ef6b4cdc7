"""The pair of tokens that a client holds of a session."""

from dataclasses import dataclass
from typing import Final

from plg.application.ports.identity.access_tokens import AccessTokensPort, Claims
from plg.application.ports.identity.sessions import SessionWithAccount
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.refresh_tokens import RefreshToken, make_token, token_digest
from plg.domain.identity.sessions import TokenLife, Tokens
from plg.domain.ids import new_id

CLIENT_ID: Final = "plg"
"""Who the access tokens of our own log-in and devices were issued to."""


@dataclass(frozen=True, slots=True)
class TokenMaker:
    """Makes access and refresh tokens for who may have them."""

    access_tokens: AccessTokensPort
    keyring: Keyring
    life: TokenLife

    def refresh_token(self, session_id: str, generation: int) -> tuple[RefreshToken, bytes]:
        """Return a refresh token of a family, and the digest that is kept of it."""
        token = make_token(session_id, generation, self.keyring)
        return token, token_digest(token, self.keyring)

    def pair(self, standing: SessionWithAccount, refresh_token: RefreshToken, now: float) -> Tokens:
        """
        Return a new access token beside the refresh token.

        Raises:
            StorageUnavailable: If there is no key to sign it with.
        """
        scopes, issued_at = standing.scopes, int(now)
        claims = Claims(
            subject=standing.account.id,
            session_id=standing.session.id,
            token_id=new_id(now),
            client_id=CLIENT_ID,
            scopes=scopes,
            issued_at=issued_at,
            expires_at=issued_at + self.life.access_seconds,
        )
        access_token = self.access_tokens.sign(claims)
        return Tokens(access_token, refresh_token.text, self.life.access_seconds, scopes)
