"""Tokens after the log-in: refresh, verify, log out, and the keys that sign them."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from plg.application.identity.end_session import EndSession
from plg.application.identity.refresh_session import RefreshSession
from plg.application.identity.verify_token import VerifyToken
from plg.application.ports.identity.access_tokens import AccessTokensPort
from plg.domain.errors import InvalidCredential
from plg.domain.identity.access import Access
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.identity.token_views import (
    ACTIVE_EXAMPLE,
    KEY_SET_EXAMPLE,
    REFRESH_EXAMPLE,
    TOKENS_EXAMPLE,
    VERIFY_EXAMPLE,
    KeySetView,
    LogoutBody,
    RefreshBody,
    TokenFactsView,
    TokensView,
    VerifyBody,
    facts_view,
    tokens_view,
)
from plg.entrypoints.http.arguments import Ask, Visit
from plg.entrypoints.http.endpoints import Endpoint, Open, Operation
from plg.entrypoints.http.protocol.answers import JSON, Answer, content
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.routes import Anyone, Routes

TAG: Final = "log-in"
LOGOUT_ACCESS: Final = Access(None, LimitTier.AUTH_TOKEN)
tokens = Routes("/api/v1/auth", Anyone(LimitTier.AUTH_TOKEN), tag=TAG)


@dataclass(frozen=True, slots=True)
class TokensApi:
    """
    What clients do with their tokens.

    Attributes:
        issuer: Who the access tokens are from: the public origin of this installation.
    """

    refresh_session: RefreshSession
    verify_token: VerifyToken
    end_session: EndSession
    issuer: str

    @tokens.post(
        "/token/refresh",
        also=("/api/v1/auth/refresh-token",),
        fails=(InvalidCredential,),
        example=TOKENS_EXAMPLE,
        body_example=REFRESH_EXAMPLE,
    )
    async def refresh(self, visit: Visit, body: RefreshBody) -> TokensView:
        """
        Refresh tokens.

        Gives a new pair for a refresh token, which is spent. For 10 seconds, and while its
        successor is unused, the same request gives that successor again, as its answer may have
        been lost; any other reuse ends the session.
        """
        return tokens_view(await self.refresh_session(body.refresh_token, visit.actor))

    @tokens.post("/token/verify", example=ACTIVE_EXAMPLE, body_example=VERIFY_EXAMPLE)
    async def verify(self, _visit: Visit, body: VerifyBody) -> TokenFactsView:
        """
        Verify a token.

        Tells what an access or refresh token is good for now (after RFC 7662), without using it; of
        one that is good for nothing only that.
        """
        return facts_view(await self.verify_token(body.token), self.issuer)

    @tokens.post("/logout", access=LOGOUT_ACCESS, body_example={})
    async def log_out(self, ask: Ask, body: LogoutBody = LogoutBody()) -> None:  # noqa: B008
        """
        Log out.

        Ends the session of the access token that is sent, and that of the account's refresh token
        in the body, if there is one. Their tokens are void at once.
        """
        await self.end_session(ask.caller, body.refresh_token, ask.actor)


@dataclass(frozen=True, slots=True)
class KeySetApi:
    """Publishes the keys that sign access tokens."""

    access_tokens: AccessTokensPort

    def endpoints(self) -> list[Endpoint]:
        """Return the route, which asks for nothing, and whose answer may be stored."""
        return [Endpoint("/.well-known/jwks.json", Open(self.show), SHOW_KEY_SET)]

    async def show(self, _context: RequestContext, _scope: Scope) -> Answer:
        """Answer the keys as they are now."""
        age = (b"cache-control", b"public, max-age=300")
        return content(self.access_tokens.key_set(), JSON, age)


SHOW_KEY_SET: Final = Operation(
    summary="Show the keys that sign access tokens",
    description="As a JWK set (RFC 7517): the next key, the one that signs, and retired ones while "
    "tokens that they signed may be valid.",
    answer=KeySetView,
    example=KEY_SET_EXAMPLE,
    tag=TAG,
)
