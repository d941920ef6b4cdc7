"""What the representations of all records have in common."""

import base64
import hashlib
from datetime import UTC, datetime

from plg.domain.records.entries import Representation

ETAG_BYTES = 12


def representation(body: bytes) -> Representation:
    """Return the body with its entity tag."""
    return Representation(body, strong_etag(body))


def rfc3339(instant: float) -> str:
    """Return seconds since the epoch as RFC 3339 in UTC with `Z`, to the millisecond."""
    moment = datetime.fromtimestamp(instant, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def strong_etag(body: bytes) -> bytes:
    """Return an entity tag that differs when a byte of the body differs (RFC 9110, 8.8.1)."""
    digest = hashlib.blake2b(body, digest_size=ETAG_BYTES).digest()
    return b'"' + base64.urlsafe_b64encode(digest) + b'"'
