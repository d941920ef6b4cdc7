"""
Webhooks: where an account is told by a program, and how it knows that it is us.

Headers and signatures are those of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com):
HMAC-SHA256 over id, time and body, under a secret that only the two of us know.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

from plg.domain.errors import InvalidParameter
from plg.domain.limits.rates import DAY_SECONDS

URL_LENGTH_MAX: Final = 2048
SECRET_BYTES: Final = 32
SECRET_PREFIX: Final = "whsec_"
GRACE_SECONDS: Final = DAY_SECONDS
"""For so long a secret that was replaced signs too."""
_URL: Final = re.compile(r"[\x21-\x7e]+")
_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """
    Where an account is told.

    Attributes:
        secret: Sealed; so is the one before it, which signs too until `previous_until`.
        failed_at: When the last try failed; None where it did not.
        failure: A word for why; None where it did not fail.
        failure_status: Of the receiver's answer.
    """

    account_id: str
    url: str
    secret: str = field(repr=False)
    created_at: float
    previous_secret: str | None = field(default=None, repr=False)
    previous_until: float | None = None
    failed_at: float | None = None
    failure: str | None = None
    failure_status: int | None = None

    @property
    def context(self) -> str:
        """What its secrets are sealed for."""
        return context_of(self.account_id)

    def sealed_secrets(self, now: float) -> tuple[str, ...]:
        """Return those that sign now, the newest first."""
        if self.previous_secret is None or now >= (self.previous_until or 0.0):
            return (self.secret,)
        return (self.secret, self.previous_secret)


def context_of(account_id: str) -> str:
    """Return what the secrets of an account's webhook are sealed for."""
    return f"webhook:{account_id}"


def secret_text(secret: bytes) -> str:
    """Return a secret as its owner is shown it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def signatures(secrets: Sequence[bytes], event_id: str, at: int, body: bytes) -> str:
    """Return the value of `webhook-signature`: one by each secret."""
    signed = f"{event_id}.{at}.".encode() + body
    made = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in secrets)
    return " ".join(f"v1,{base64.b64encode(each).decode()}" for each in made)


def check_url(url: str) -> None:
    """
    Check the form of a webhook's address.

    Raises:
        InvalidParameter: If it cannot be used.
    """
    problem = _problem(url)
    if problem is not None:
        raise InvalidParameter("url", f"url {problem}.")


def _problem(url: str) -> str | None:
    if len(url) > URL_LENGTH_MAX:
        return f"may have at most {URL_LENGTH_MAX} characters"
    try:
        parts = urlsplit(url)
        is_sound = _is_sound(url, parts)
    except ValueError:
        return "must be an address such as https://example.org/hooks/plg"
    if not is_sound:
        return "must be an address such as https://example.org/hooks/plg, in ASCII without blanks"
    if "@" in parts.netloc or "#" in url:
        return "must have no user, no password and no fragment"
    return None


def _is_sound(url: str, parts: SplitResult) -> bool:
    is_web = parts.scheme in ("https", "http") and url[: len(parts.scheme)].islower()
    host = parts.hostname or ""
    is_plain = _URL.fullmatch(url) is not None and not set(url) & set('\\"<>^`{|}')
    return is_web and is_plain and _HOST.fullmatch(host) is not None and parts.port != 0
