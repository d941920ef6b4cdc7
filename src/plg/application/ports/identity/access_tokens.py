"""Access tokens: signed statements that need no look-up to be read."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Final, Protocol

from plg.domain.identity.access import Scopes
from plg.domain.identity.signing_keys import SigningKey

AUDIENCE: Final = "plg"
"""Who our access tokens are for: ourselves."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says (RFC 9068, 2.2), besides the constant `aud` and `iss`."""

    subject: str
    session_id: str
    token_id: str
    client_id: str
    scopes: Scopes
    issued_at: int
    expires_at: int


class AccessTokensPort(Protocol):
    """Signs and reads access tokens with the keys it was last given."""

    @abstractmethod
    def use(self, keys: list[SigningKey]) -> None:
        """
        Sign and read with these keys from now on.

        Raises:
            SealBroken: If the active one was sealed under a secret that is not set any more.
        """

    @abstractmethod
    def sign(self, claims: Claims) -> str:
        """
        Return the token.

        Raises:
            StorageUnavailable: If there is no active key.
        """

    @abstractmethod
    def read(self, token: str, now: float) -> Claims | None:
        """
        Return what a valid token says; None where it names a key that was not given, or not yet.

        Raises:
            InvalidCredential: If it is malformed, forged, for somebody else, not yet or no longer
                valid.
        """

    @abstractmethod
    def key_set(self) -> bytes:
        """Return the public keys as a JWK set (RFC 7517), JSON."""

    @abstractmethod
    def new_key(self, now: float) -> SigningKey:
        """Make a key pair, which takes some tenths of a second."""

    @abstractmethod
    def resealed(self, key: SigningKey) -> SigningKey:
        """
        Return the key sealed under the current secret; itself where it is.

        Raises:
            SealBroken: If it was sealed under a secret that is not set any more, or changed.
        """
