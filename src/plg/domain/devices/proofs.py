"""How a device proves, without a request that is signed as a whole, that it has its secret."""

import hmac
import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final

from plg.domain.errors import InvalidParameter

WINDOW_SECONDS: Final = 300
NONCE_MARGIN_SECONDS: Final = 60
"""How much longer a nonce is kept than what carries it counts: clocks of our processes differ."""

NONCE: Final = re.compile(r"[!-~]{16,64}")
"""Visible ASCII without blanks: UUIDs, hexadecimal and either base64 are all fine."""

_HASH: Final = re.compile(r"[A-Za-z0-9+/]{43}=")


@dataclass(frozen=True, slots=True)
class DeviceProof:
    """
    A statement that only who has the device's secret can make.

    Attributes:
        timestamp: Unix time in seconds, by the device's clock.
        nonce: Never used before by the device.
        hmac_hash: base64(HMAC-SHA256(secret, "{device_id}/{timestamp}/{nonce}")).

    Raises:
        InvalidParameter: If nonce or hash cannot be ones.
    """

    timestamp: int
    nonce: str
    hmac_hash: str = field(repr=False)

    def __post_init__(self) -> None:
        if not NONCE.fullmatch(self.nonce):
            raise InvalidParameter(
                "nonce", "nonce must be 16 to 64 visible ASCII characters without blanks."
            )
        if not _HASH.fullmatch(self.hmac_hash):
            raise InvalidParameter(
                "hmac_hash", "hmac_hash must be the base64 of an HMAC-SHA256: 44 characters."
            )

    @property
    def nonce_expires_at(self) -> float:
        """Until when its nonce must be remembered."""
        return float(self.timestamp + WINDOW_SECONDS + NONCE_MARGIN_SECONDS)

    def is_timely(self, now: float) -> bool:
        """Tell whether its timestamp is at most 300 seconds off, before or after."""
        return now - WINDOW_SECONDS <= self.timestamp <= now + WINDOW_SECONDS

    def is_made_with(self, key: bytes, device_id: str) -> bool:
        """Tell whether the device made it with this key; takes the same time either way."""
        expected = proof_hash(key, device_id, self.timestamp, self.nonce)
        return hmac.compare_digest(expected, self.hmac_hash)


def signed_text(device_id: str, timestamp: int, nonce: str) -> str:
    """Return what a device signs; neither id nor timestamp has a slash, so it reads one way."""
    return f"{device_id}/{timestamp}/{nonce}"


def proof_hash(key: bytes, device_id: str, timestamp: int, nonce: str) -> str:
    """Return the `hmac_hash` of a proof."""
    text = signed_text(device_id, timestamp, nonce)
    return b64encode(hmac.digest(key, text.encode(), "sha256")).decode()
