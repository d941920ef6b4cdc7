"""Access tokens that differ from good ones in one thing."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jws
from joserfc.jwk import RSAKey

from tests.integration.http.gateway import Gateway
from tests.integration.http.vault import Vault

OTHERS_KEY: Final = RSAKey.generate_key(2048, private=True)


@dataclass(frozen=True, slots=True)
class Forger:
    """
    Knows the gateway's own private key, so that a token is wrong in nothing but what is wanted.

    Attributes:
        good: The claims of a token that is good.
    """

    kid: str
    key: RSAKey
    good: Mapping[str, Any]

    def token(
        self,
        header: Mapping[str, Any] | None = None,
        key: RSAKey | None = None,
        **claims: object,
    ) -> str:
        """Return a token that is signed; a claim that is None is left out."""
        head = {"alg": "RS256", "typ": "at+jwt", "kid": self.kid, **(header or {})}
        return jws.serialize_compact(head, self._payload(claims), key or self.key, ["RS256"])

    def unsigned(self, alg: str, signature: bytes = b"") -> str:
        """Return a token that says it has the algorithm, with this as its signature."""
        return f"{self._signing_input(alg)}.{_encoded(signature)}"

    def by_mac(self, secret: bytes) -> str:
        """Return a token whose MAC has the secret, which everybody may know, as its key."""
        signed = self._signing_input("HS256")
        return f"{signed}.{_encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"

    def tokens(self) -> dict[str, str]:
        """Return a forgery of each kind by name."""
        now = int(self.good["iat"])
        public = self.key.as_dict(private=False)
        pem = self.key.as_bytes(encoding="PEM", private=False)
        return {
            "expired": self.token(exp=now),
            "not valid yet": self.token(iat=now + 60),
            "not before later": self.token(nbf=now + 60),
            "for another audience": self.token(aud="other"),
            "for two audiences": self.token(aud=["plg", "other"]),
            "of another issuer": self.token(iss="http://other.test"),
            "without an issuer": self.token(iss=None),
            "without an expiry": self.token(exp=None),
            "that never expires": self.token(exp="never"),
            "without a session": self.token(sid=None),
            "of an unknown session": self.token(sid="01JDG7Q4X2ZC8M5W9K3T6V1B0N"),
            "of somebody else's session": self.token(sub="01JDG7Q4X2ZC8M5W9K3T6V1B0A"),
            "of another type": self.token({"typ": "JWT"}),
            "with critical extensions": self.token({"crit": ["b64"], "b64": True}),
            "with alg none": self.unsigned("none"),
            "with alg none and a signature": self.unsigned("none", b"x"),
            "with alg None": self.unsigned("None", b"x"),
            "with a MAC by the public key as JWK": self.by_mac(json.dumps(public).encode()),
            "with a MAC by the public key as PEM": self.by_mac(pem),
            "with a MAC by the modulus": self.by_mac(_decoded(str(public["n"]))),
            "with a MAC by nothing": self.by_mac(b""),
            "by a foreign key under our name": self.token(key=OTHERS_KEY),
            "by a foreign key it brings along": self.token(
                {"jwk": OTHERS_KEY.as_dict(private=False)}, key=OTHERS_KEY
            ),
            "by a key nobody knows": self.token({"kid": "unknown"}, key=OTHERS_KEY),
            "with its claims changed": self._changed(),
            "without its signature": self.token().rpartition(".")[0] + ".",
            "with another's signature": _swapped(self.token(), self.token(jti="other")),
        }

    def _changed(self) -> str:
        head, _, signature = self.token().split(".")
        claims = {**self.good, "scope": "admin players:read"}
        return f"{head}.{_encoded(json.dumps(claims).encode())}.{signature}"

    def _payload(self, claims: Mapping[str, object]) -> bytes:
        whole = {**self.good, **claims}
        said = {name: value for name, value in whole.items() if value is not None}
        return json.dumps(said).encode()

    def _signing_input(self, alg: str) -> str:
        head = {"alg": alg, "typ": "at+jwt", "kid": self.kid}
        return f"{_encoded(json.dumps(head).encode())}.{_encoded(self._payload({}))}"


async def forger_of(gateway: Gateway, vault: Vault) -> Forger:
    """Return who can sign as the gateway does."""
    access = gateway.container.access
    async with access.work().look() as work:
        signing = next(key for key in await work.signing_keys.all() if key.active_at is not None)
    clear = access.seal().open(signing.sealed_private, f"signing-key:{signing.id}")
    good = json.loads(_decoded(vault["user token"].split(".")[1]))
    return Forger(signing.id, RSAKey.import_key(clear), good)


def _swapped(one: str, other: str) -> str:
    return f"{one.rpartition('.')[0]}.{other.rpartition('.')[2]}"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
