"""Keys that sign access tokens, and when."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SigningKey:
    """
    A key pair.

    Attributes:
        id: The `kid` in tokens and in the JWKS (RFC 7517, 4.5).
        public: The public key as a JWK, JSON text.
        sealed_private: The private key (RFC 5958, DER), encrypted at rest.
        active_at: From when on it signs; None for the next key, which is only published.
        retired_at: From when on it signs no more, but is published for the tokens it signed.
    """

    id: str
    public: str
    sealed_private: str = field(repr=False)
    created_at: float
    active_at: float | None = None
    retired_at: float | None = None
