"""A client that signs requests with an independent implementation of RFC 9421."""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_hex

from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

COVERED = ("@method", "@authority", "@path", "@query")


@dataclass(slots=True)
class Outgoing:
    """A request, as the signer wants it."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class OneKey(HTTPSignatureKeyResolver):
    """Has the same key under every id."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    def resolve_private_key(self, key_id: str) -> bytes:  # noqa: ARG002 - as the library calls it
        return self.key

    def resolve_public_key(self, key_id: str) -> bytes:  # noqa: ARG002 - as the library calls it
        return self.key


def content_digest(body: bytes) -> str:
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"


def sign(
    message: Outgoing,
    device_id: str,
    secret: str,
    *,
    now: float,
    expires_in: int = 60,
    nonce: str | None = None,
    covered: Sequence[str] = COVERED,
) -> str:
    """Add the fields of a signature to the message; return what was signed."""
    if message.body:
        message.headers["Content-Digest"] = content_digest(message.body)
        covered = (*covered, "content-digest")
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.HMAC_SHA256, key_resolver=OneKey(secret.encode())
    )
    prepared = signer.prepare(
        message,
        key_id=device_id,
        created=datetime.fromtimestamp(int(now), UTC),
        expires=datetime.fromtimestamp(int(now) + expires_in, UTC),
        nonce=token_hex(16) if nonce is None else nonce,
        covered_component_ids=covered,
    )
    base = prepared.signature_base
    signer.apply(message, prepared, hmac.digest(secret.encode(), base, "sha256"))
    return base.decode()


def signed_headers(
    method: str, url: str, device_id: str, secret: str, *, now: float, body: bytes = b""
) -> Mapping[str, str]:
    """Return the header fields of a signed request."""
    message = Outgoing(method, url, body=body)
    sign(message, device_id, secret, now=now)
    return message.headers
