"""Tokens after the log-in: refresh, verify, log out, and the keys that sign them."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from plg.application.identity.end_session import EndSession
from plg.application.identity.refresh_session import RefreshSession
from plg.application.identity.verify_token import VerifyToken
from plg.application.ports.identity.access_tokens import AccessTokensPort
from plg.domain.identity.access import Access, Caller
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
from plg.entrypoints.http.endpoints import Endpoint, Open, Operation
from plg.entrypoints.http.gate.gate import Gate, Guarded, Public, actor_of
from plg.entrypoints.http.protocol.answers import JSON, Answer, content, empty, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext

REFRESH_PATHS: Final = ("/api/v1/auth/token/refresh", "/api/v1/auth/refresh-token")
VERIFY_PATH: Final = "/api/v1/auth/token/verify"
LOGOUT_PATH: Final = "/api/v1/auth/logout"
KEY_SET_PATH: Final = "/.well-known/jwks.json"
KEY_SET_AGE: Final = (b"cache-control", b"public, max-age=300")
LOGOUT_ACCESS: Final = Access(None, LimitTier.AUTH_TOKEN)
_TAG: Final = "log-in"

REFRESH: Final = Operation(
    summary="Refresh tokens",
    description="Gives a new pair for a refresh token, which is spent. For 10 seconds, and while "
    "its successor is unused, the same request gives that successor again, as its answer may have "
    "been lost; any other reuse ends the session.",
    answer=TokensView,
    example=TOKENS_EXAMPLE,
    body=RefreshBody,
    body_example=REFRESH_EXAMPLE,
    problems=("invalid_credential",),
    tag=_TAG,
)
VERIFY: Final = Operation(
    summary="Verify a token",
    description="Tells what an access or refresh token is good for now (after RFC 7662), without "
    "using it; of one that is good for nothing only that.",
    answer=TokenFactsView,
    example=ACTIVE_EXAMPLE,
    body=VerifyBody,
    body_example=VERIFY_EXAMPLE,
    tag=_TAG,
)
LOG_OUT: Final = Operation(
    summary="Log out",
    description="Ends the session of the access token that is sent, and that of the account's "
    "refresh token in the body, if there is one. Their tokens are void at once.",
    body=LogoutBody,
    body_example={},
    needs_body=False,
    status=204,
    tag=_TAG,
)
SHOW_KEY_SET: Final = Operation(
    summary="Show the keys that sign access tokens",
    description="As a JWK set (RFC 7517): the next key, the one that signs, and retired ones while "
    "tokens that they signed may be valid.",
    answer=KeySetView,
    example=KEY_SET_EXAMPLE,
    tag=_TAG,
)


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
    access_tokens: AccessTokensPort
    issuer: str
    gate: Gate

    def endpoints(self) -> list[Endpoint]:
        """Return the routes of tokens."""
        gate, tier = self.gate, LimitTier.AUTH_TOKEN
        refresh = Public(gate, tier, _refresh_token, self.refresh, reads_body=True)
        verify = Public(gate, tier, _token, self.verify, reads_body=True)
        log_out = Guarded(gate, LOGOUT_ACCESS, _named, self.log_out, reads_body=True)
        return [
            *(Endpoint(path, refresh, REFRESH, "POST") for path in REFRESH_PATHS),
            Endpoint(VERIFY_PATH, verify, VERIFY, "POST"),
            Endpoint(LOGOUT_PATH, log_out, LOG_OUT, "POST"),
            Endpoint(KEY_SET_PATH, Open(self.show_key_set), SHOW_KEY_SET),
        ]

    async def refresh(self, refresh_token: str, context: RequestContext) -> Answer:
        """Exchange a refresh token for a new pair."""
        tokens = await self.refresh_session(refresh_token, actor_of(None, context))
        return json_answer(tokens_view(tokens))

    async def verify(self, token: str, _context: RequestContext) -> Answer:
        """Tell what a token is good for."""
        return json_answer(facts_view(await self.verify_token(token), self.issuer))

    async def log_out(self, named: str | None, caller: Caller, context: RequestContext) -> Answer:
        """End the caller's session."""
        await self.end_session(caller, named, actor_of(caller, context))
        return empty()

    async def show_key_set(self, _context: RequestContext, _scope: Scope) -> Answer:
        """Publish the keys of access tokens."""
        return content(self.access_tokens.key_set(), JSON, KEY_SET_AGE)


def _refresh_token(scope: Scope) -> str:
    return body_of(scope, RefreshBody).refresh_token


def _token(scope: Scope) -> str:
    return body_of(scope, VerifyBody).token


def _named(scope: Scope) -> str | None:
    return body_of(scope, LogoutBody, optional=True).refresh_token
