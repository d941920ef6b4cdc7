"""Tell what a token is good for (RFC 7662)."""

from dataclasses import dataclass
from enum import StrEnum

from plg.application.identity.token_maker import CLIENT_ID
from plg.application.identity.verify_access_token import VerifyAccessToken
from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import InvalidCredential
from plg.domain.identity.access import Scopes
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.refresh_tokens import read_token


class TokenKind(StrEnum):
    """What a token is used as."""

    ACCESS = "access_token"
    REFRESH = "refresh_token"


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """
    What a token that is good now says.

    Attributes:
        token_id: Of an access token.
    """

    kind: TokenKind
    subject: str
    client_id: str
    session_id: str
    scopes: Scopes
    issued_at: int
    expires_at: int
    token_id: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyToken:
    """Looks at an access or refresh token without using it."""

    verify_access: VerifyAccessToken
    work: UnitOfWorkPort
    keyring: Keyring
    clock: ClockPort

    async def __call__(self, token: str) -> TokenFacts | None:
        """
        Return what it is good for; None where it is good for nothing, whatever the reason.

        Raises:
            StorageUnavailable: If the database fails.
        """
        refresh_token = read_token(token, self.keyring)
        if refresh_token is None:
            return await self._of_access_token(token)
        async with self.work.look() as work:
            standing = await work.sessions.standing(refresh_token.session_id)
        if standing is None or not standing.is_good(self.clock.now()):
            return None
        session = standing.session
        if not refresh_token.is_newest(session, self.keyring):
            return None
        return TokenFacts(
            kind=TokenKind.REFRESH,
            subject=session.account_id,
            client_id=CLIENT_ID,
            session_id=session.id,
            scopes=standing.scopes,
            issued_at=int(session.rotated_at),
            expires_at=int(session.expires_at),
        )

    async def _of_access_token(self, token: str) -> TokenFacts | None:
        try:
            claims, standing = await self.verify_access.standing(token)
        except InvalidCredential:
            return None
        return TokenFacts(
            kind=TokenKind.ACCESS,
            subject=claims.subject,
            client_id=claims.client_id,
            session_id=claims.session_id,
            scopes=claims.scopes & standing.scopes,
            issued_at=claims.issued_at,
            expires_at=claims.expires_at,
            token_id=claims.token_id,
        )
