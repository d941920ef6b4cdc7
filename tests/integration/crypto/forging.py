"""Access tokens that we did not sign, or not so."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

from plg.adapters.crypto.access_tokens import JwtAccessTokens
from plg.adapters.crypto.sealing import AesSeal
from plg.application.ports.identity.access_tokens import Claims
from plg.domain.identity.access import DATA_SCOPES
from plg.domain.identity.keyring import Keyring
from tests.fakes.clock import NOON

ISSUER = "https://plg.example.org"
SEAL = AesSeal(Keyring("the secret of this installation"))
CLAIMS = Claims(
    subject="01JDG7Q4X2ZC8M5W9K3T6V1B0N",
    session_id="01JDG7Q4X2ZC8M5W9K3T6V1B0S",
    token_id="01JDG7Q4X2ZC8M5W9K3T6V1B0T",
    client_id="plg",
    scopes=DATA_SCOPES,
    issued_at=int(NOON),
    expires_at=int(NOON) + 900,
)
Forge = Callable[..., str]


def signed(key: RSAKey, header: dict[str, Any], payload: bytes) -> str:
    """Sign anything at all, which the library would refuse to."""
    text = f"{b64(json.dumps(header).encode())}.{b64(payload)}"
    raw = key.private_key
    assert isinstance(raw, rsa.RSAPrivateKey)
    return f"{text}.{b64(raw.sign(text.encode(), padding.PKCS1v15(), SHA256()))}"


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, payload, _ = token.split(".")
    return (
        json.loads(base64.urlsafe_b64decode(header + "==")),
        json.loads(base64.urlsafe_b64decode(payload + "==")),
    )


def without_none(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


@cache
def one_token() -> tuple[JwtAccessTokens, str]:
    """Return what reads, and what was signed, without a fixture: many examples share one."""
    tokens = JwtAccessTokens(ISSUER, SEAL)
    tokens.use([replace(tokens.new_key(NOON), active_at=NOON)])
    return tokens, tokens.sign(CLAIMS)
