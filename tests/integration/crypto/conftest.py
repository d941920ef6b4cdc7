"""Keys are made once: that takes a while."""

import json
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from plg.adapters.crypto.access_tokens import JwtAccessTokens
from plg.domain.identity.signing_keys import SigningKey
from tests.fakes.clock import NOON
from tests.integration.crypto.forging import CLAIMS, ISSUER, SEAL, Forge, signed, without_none


@pytest.fixture(scope="session")
def keys() -> list[SigningKey]:
    """A retired key, the active one and the next."""
    maker = JwtAccessTokens(ISSUER, SEAL)
    retired, active, following = (maker.new_key(NOON - days) for days in (3, 2, 1))
    return [
        replace(retired, active_at=NOON - 3, retired_at=NOON - 1),
        replace(active, active_at=NOON - 1),
        following,
    ]


@pytest.fixture
def tokens(keys: list[SigningKey]) -> JwtAccessTokens:
    made = JwtAccessTokens(ISSUER, SEAL)
    made.use(keys)
    return made


@pytest.fixture
def private(keys: list[SigningKey]) -> RSAKey:
    clear = SEAL.open(keys[1].sealed_private, f"signing-key:{keys[1].id}")
    return RSAKey.import_key(clear)


@pytest.fixture
def forge(keys: list[SigningKey], private: RSAKey) -> Forge:
    """Sign what a test wants with the active key: None leaves a member out."""

    def make(header: dict[str, Any] | None = None, **claims: object) -> str:
        head = {"alg": "RS256", "typ": "at+jwt", "kid": keys[1].id, **(header or {})}
        payload = {
            "iss": ISSUER,
            "aud": "plg",
            "sub": CLAIMS.subject,
            "client_id": "plg",
            "iat": CLAIMS.issued_at,
            "exp": CLAIMS.expires_at,
            "jti": CLAIMS.token_id,
            "sid": CLAIMS.session_id,
            "scope": "players:read vehicles:read",
            **claims,
        }
        return signed(private, without_none(head), json.dumps(without_none(payload)).encode())

    return make
