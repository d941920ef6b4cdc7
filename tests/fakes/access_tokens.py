"""Access tokens without cryptography."""

import itertools
import json
from dataclasses import replace

from plg.application.ports.identity.access_tokens import AccessTokensPort, Claims
from plg.domain.errors import InvalidCredential, SealBroken, StorageUnavailable
from plg.domain.identity.access import Scope
from plg.domain.identity.signing_keys import SigningKey

SEALED = "sealed:"
SEALED_BEFORE = "sealed before:"
_numbers = itertools.count()


class PlainAccessTokens(AccessTokensPort):
    """
    Tokens are JSON that names its key; `made` counts keys, `is_idle` gives none to sign with.

    A private key is `sealed:` and the key's id; what was `sealed before:` is outdated, and
    anything else cannot be opened.
    """

    def __init__(self) -> None:
        self.keys: list[SigningKey] = []
        self.made = 0
        self.uses = 0
        self.is_idle = False

    def use(self, keys: list[SigningKey]) -> None:
        for key in keys:
            if key.active_at is not None and key.retired_at is None:
                self.resealed(key)
        self.keys = keys
        self.uses += 1

    def sign(self, claims: Claims) -> str:
        kid = self.active_id
        if kid is None or self.is_idle:
            raise StorageUnavailable("no key")
        said = {
            "form": "a.b.c",  # a token has two dots, and is not looked at otherwise
            "kid": kid,
            "sub": claims.subject,
            "sid": claims.session_id,
            "jti": claims.token_id,
            "client_id": claims.client_id,
            "scope": sorted(claims.scopes),
            "iat": claims.issued_at,
            "exp": claims.expires_at,
        }
        return json.dumps(said)

    def read(self, token: str, now: float) -> Claims | None:
        try:
            said = json.loads(token)
        except ValueError as error:
            raise InvalidCredential("malformed") from error
        if said["kid"] not in {key.id for key in self.keys}:
            return None
        if said["exp"] <= now:
            raise InvalidCredential("expired")
        return Claims(
            subject=said["sub"],
            session_id=said["sid"],
            token_id=said["jti"],
            client_id=said["client_id"],
            scopes=frozenset(Scope(name) for name in said["scope"]),
            issued_at=said["iat"],
            expires_at=said["exp"],
        )

    def key_set(self) -> bytes:
        return json.dumps({"keys": [key.id for key in self.keys]}).encode()

    def new_key(self, now: float) -> SigningKey:
        self.made += 1
        kid = f"kid-{next(_numbers)}"
        return SigningKey(kid, "{}", f"{SEALED}{kid}", now)

    def resealed(self, key: SigningKey) -> SigningKey:
        if key.sealed_private == f"{SEALED}{key.id}":
            return key
        if key.sealed_private == f"{SEALED_BEFORE}{key.id}":
            return replace(key, sealed_private=f"{SEALED}{key.id}")
        raise SealBroken("cannot be opened")

    @property
    def active_id(self) -> str | None:
        signing = [key for key in self.keys if key.active_at is not None and not key.retired_at]
        newest = max(signing, key=lambda key: key.active_at or 0.0, default=None)
        return newest.id if newest else None
