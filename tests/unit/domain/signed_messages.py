"""Messages that an independent signer signed, as the gateway receives them."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from plg.domain.devices.signatures import Signature, SignedMessage
from plg.domain.errors import InvalidCredential
from tests.fakes.signing import COVERED, Outgoing, sign

NOW = 1_700_000_000.0
DEVICE = "till-0001"
SECRET = "the-secret-of-the-till"
AUTHORITY = "gateway.example:9600"
NONCE = "0123456789abcdef"


def received(sent: Outgoing) -> SignedMessage:
    parts = urlsplit(sent.url)
    named = {name.lower(): value for name, value in sent.headers.items()}
    return SignedMessage(sent.method, parts.path, parts.query, named, sent.body)


def verify(message: SignedMessage, *, now: float = NOW, secret: str = SECRET) -> Signature:
    """Return the signature if it counts."""
    signature = Signature.of(message)
    signature.check_time(now)
    signature.check_body(message)
    if not signature.is_made_with(secret.encode(), signature.base(message, AUTHORITY)):
        raise InvalidCredential("wrong")
    return signature


def signed(
    sent: Outgoing | None = None,
    *,
    covered: tuple[str, ...] = COVERED,
    expires_in: int = 60,
    nonce: str = NONCE,
    device_id: str = DEVICE,
) -> SignedMessage:
    sent = sent or Outgoing("GET", f"http://{AUTHORITY}/api/?killer_bi_id=1")
    sign(sent, device_id, SECRET, now=NOW, expires_in=expires_in, nonce=nonce, covered=covered)
    return received(sent)


def with_input(change: str, to: str) -> SignedMessage:
    message = signed()
    field = re.sub(change, to, message.fields["signature-input"])
    assert field != message.fields["signature-input"]
    return with_field(message, "signature-input", field)


def with_field(message: SignedMessage, name: str, value: str) -> SignedMessage:
    return replace(message, fields={**message.fields, name: value})
