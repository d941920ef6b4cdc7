"""Access tokens as JWT (RFC 9068), signed with RS256."""

import base64
import re
from dataclasses import replace
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from plg.adapters.crypto.sealing import AesSeal
from plg.application.ports.identity.access_tokens import AUDIENCE, AccessTokensPort, Claims
from plg.domain.errors import InvalidCredential, SealBroken, StorageUnavailable
from plg.domain.identity.signing_keys import SigningKey

ALGORITHM: Final = "RS256"
KEY_BITS: Final = 2048
SKEW_SECONDS: Final = 5
"""How far ahead the clock of the process that signed may be."""
LENGTH_MAX: Final = 8192

_FORM: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+", re.ASCII)
_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})


class _Header(msgspec.Struct):
    """What of a token's header decides; every other member is as RFC 7515 has it."""

    alg: str
    typ: str
    kid: str
    crit: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    b64: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET

    @property
    def is_ours(self) -> bool:
        asks_for_more = self.crit is not msgspec.UNSET or self.b64 is not msgspec.UNSET
        return self.alg == ALGORITHM and self.typ.lower() in _TYPES and not asks_for_more


class _Payload(msgspec.Struct, omit_defaults=True):
    """What a token must say; `nbf` is obeyed, though we never write it."""

    iss: str
    aud: str
    sub: str
    client_id: str
    iat: int
    exp: int
    jti: str
    sid: str
    scope: str
    nbf: int | float | None = None


_header_decoder: Final = msgspec.json.Decoder(_Header)
_payload_decoder: Final = msgspec.json.Decoder(_Payload)


class JwtAccessTokens(AccessTokensPort):
    """
    Signs with the active key, and reads with all that are published.

    The algorithm belongs to the key: what a token's header asks for is compared, never obeyed.

    Args:
        issuer: The public origin of this installation.
    """

    def __init__(self, issuer: str, seal: AesSeal) -> None:
        self._issuer = issuer
        self._seal = seal
        self._public: dict[str, RSAKey] = {}
        self._active: tuple[str, RSAKey] | None = None
        self._key_set = _key_set([])

    def use(self, keys: list[SigningKey]) -> None:
        public = {key.id: RSAKey.import_key(msgspec.json.decode(key.public)) for key in keys}
        signing = [key for key in keys if key.active_at is not None and key.retired_at is None]
        newest = max(signing, key=lambda key: key.active_at or 0.0, default=None)
        self._active = None if newest is None else (newest.id, self._private(newest))
        self._public = public
        self._key_set = _key_set(keys)

    def sign(self, claims: Claims) -> str:
        if self._active is None:
            raise StorageUnavailable("no key to sign access tokens with was read yet")
        kid, key = self._active
        payload = _Payload(
            iss=self._issuer,
            aud=AUDIENCE,
            sub=claims.subject,
            client_id=claims.client_id,
            iat=claims.issued_at,
            exp=claims.expires_at,
            jti=claims.token_id,
            sid=claims.session_id,
            scope=" ".join(sorted(claims.scopes)),
        )
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": kid}
        return jws.serialize_compact(header, msgspec.json.encode(payload), key, [ALGORITHM])

    def read(self, token: str, now: float) -> Claims | None:
        match = _FORM.fullmatch(token) if len(token) <= LENGTH_MAX else None
        if match is None:
            raise InvalidCredential("The access token is malformed: copy all of it.")
        try:
            header = _header_decoder.decode(_decoded(match[1]))
            if not header.is_ours:
                raise InvalidCredential("The access token is of another kind.")
            key = self._public.get(header.kid)
            if key is None:
                return None
            verified = jws.deserialize_compact(token, key, [ALGORITHM])
            payload = _payload_decoder.decode(verified.payload or b"")
        except (JoseError, msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise InvalidCredential("The access token is malformed or forged.") from error
        self._check(payload, now)
        return _claims(payload)

    def key_set(self) -> bytes:
        return self._key_set

    def new_key(self, now: float) -> SigningKey:
        pair = RSAKey.generate_key(KEY_BITS, private=True)
        kid = pair.thumbprint()
        private = pair.as_der(private=True)
        return SigningKey(
            id=kid,
            public=msgspec.json.encode(_published(kid, pair)).decode(),
            sealed_private=self._seal.seal(private, _context(kid)),
            created_at=now,
        )

    def resealed(self, key: SigningKey) -> SigningKey:
        if self._seal.is_current(key.sealed_private):
            return key
        clear = self._seal.open(key.sealed_private, _context(key.id))
        return replace(key, sealed_private=self._seal.seal(clear, _context(key.id)))

    def _private(self, key: SigningKey) -> RSAKey:
        clear = self._seal.open(key.sealed_private, _context(key.id))
        # It is as it was made: the seal proves that, and asking for primes again takes 60 ms.
        pair = load_der_private_key(clear, None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(pair, RSAPrivateKey):
            raise SealBroken("a key that signs access tokens is of another kind")
        return RSAKey(pair, pair)

    def _check(self, payload: _Payload, now: float) -> None:
        if payload.iss != self._issuer or payload.aud != AUDIENCE:
            raise InvalidCredential("The access token is for somebody else.")
        if payload.exp <= now:
            raise InvalidCredential("The access token has expired.")
        if max(payload.iat, payload.nbf or 0) > now + SKEW_SECONDS:
            raise InvalidCredential("The access token is not valid yet.")


def _claims(payload: _Payload) -> Claims:
    return Claims(
        subject=payload.sub,
        session_id=payload.sid,
        token_id=payload.jti,
        client_id=payload.client_id,
        scopes=frozenset(payload.scope.split()),
        issued_at=payload.iat,
        expires_at=payload.exp,
    )


def _decoded(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def _context(kid: str) -> str:
    return f"signing-key:{kid}"


def _published(kid: str, pair: RSAKey) -> dict[str, object]:
    public = pair.as_dict(private=False)
    return {
        "kty": "RSA",
        "use": "sig",
        "alg": ALGORITHM,
        "kid": kid,
        "n": public["n"],
        "e": public["e"],
    }


def _key_set(keys: list[SigningKey]) -> bytes:
    return msgspec.json.encode({"keys": [msgspec.Raw(key.public.encode()) for key in keys]})
