"""How tokens look in JSON (RFC 6749, 5.1, and RFC 7662, 2.2)."""

from typing import Final, Literal

import msgspec

from plg.application.identity.verify_token import TokenFacts, TokenKind
from plg.application.ports.identity.access_tokens import AUDIENCE
from plg.domain.identity.sessions import Tokens


class RefreshBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The refresh token of the last answer."""

    refresh_token: str


class VerifyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An access or refresh token."""

    token: str


class LogoutBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A refresh token of the caller's, whose session is ended too."""

    refresh_token: str | None = None


class TokensView(msgspec.Struct, frozen=True):
    """What a log-in, a device's proof and a refresh answer."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


class TokenFactsView(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a token is good for; only `active` where that is nothing."""

    active: bool
    token_type: str | None = None
    iss: str | None = None
    aud: str | None = None
    sub: str | None = None
    client_id: str | None = None
    sid: str | None = None
    jti: str | None = None
    scope: str | None = None
    iat: int | None = None
    exp: int | None = None


class PublicKeyView(msgspec.Struct, frozen=True):
    """A public RSA key (RFC 7517)."""

    kty: str
    use: str
    alg: str
    kid: str
    n: str
    e: str


class KeySetView(msgspec.Struct, frozen=True):
    """Public keys."""

    keys: list[PublicKeyView]


_REFRESH_TOKEN: Final = "plg_rt_01JDG7Q4X2ZC8M5W9K3T6V1B0N_0_..."
REFRESH_EXAMPLE: Final = {"refresh_token": _REFRESH_TOKEN}
VERIFY_EXAMPLE: Final = {"token": "<a JSON web token>"}
TOKENS_EXAMPLE: Final = {
    "access_token": "<a JSON web token>",
    "refresh_token": _REFRESH_TOKEN,
    "token_type": "Bearer",
    "expires_in": 900,
    "scope": "players:read vehicles:read",
}
ACTIVE_EXAMPLE: Final = {
    "active": True,
    "token_type": "access_token",
    "iss": "https://plg.example.org",
    "aud": "plg",
    "sub": "01JDG7Q4X2ZC8M5W9K3T6V1B0A",
    "client_id": "plg",
    "sid": "01JDG7Q4X2ZC8M5W9K3T6V1B0N",
    "jti": "01JDG7Q4X2ZC8M5W9K3T6V1B0T",
    "scope": "players:read vehicles:read",
    "iat": 1700000000,
    "exp": 1700000900,
}
KEY_SET_EXAMPLE: Final = {
    "keys": [
        {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            "n": "...",
            "e": "AQAB",
        }
    ]
}


def tokens_view(tokens: Tokens) -> TokensView:
    return TokensView(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        token_type="Bearer",
        expires_in=tokens.expires_in,
        scope=" ".join(sorted(tokens.scopes)),
    )


def facts_view(facts: TokenFacts | None, issuer: str) -> TokenFactsView:
    if facts is None:
        return TokenFactsView(active=False)
    return TokenFactsView(
        active=True,
        token_type=facts.kind,
        iss=issuer,
        aud=AUDIENCE if facts.kind is TokenKind.ACCESS else None,
        sub=facts.subject,
        client_id=facts.client_id,
        sid=facts.session_id,
        jti=facts.token_id,
        scope=" ".join(sorted(facts.scopes)),
        iat=facts.issued_at,
        exp=facts.expires_at,
    )
