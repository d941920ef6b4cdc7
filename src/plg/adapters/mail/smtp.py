"""Mail by SMTP (RFC 5321)."""

import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final

import aiosmtplib

from plg.adapters.mail.carrier import Carrier, NotCarried

TIMEOUT_SECONDS: Final = 10.0
PERMANENT: Final = 500
"""From this code on a server says that trying again is of no use."""


@dataclass(frozen=True, slots=True)
class SmtpCarrier(Carrier):
    """
    Hands messages to a mail server, one connection each.

    Attributes:
        security: `starttls` (and nothing without it), `tls` from the first byte, or `off`.
        trust: Whose certificates count; None for those that the machine trusts.
    """

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    security: str = "starttls"
    timeout: float = TIMEOUT_SECONDS
    trust: ssl.SSLContext | None = None

    async def carry(self, message: EmailMessage, now: float) -> None:  # noqa: ARG002 - the port's
        try:
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.username,
                password=self.password,
                timeout=self.timeout,
                use_tls=self.security == "tls",
                start_tls=self.security == "starttls",
                tls_context=self.trust,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            code = _code(error)
            is_final = code is not None and code >= PERMANENT
            raise NotCarried(_reason(error, code), is_final=is_final) from error


def _code(error: Exception) -> int | None:
    """Return the server's code, by which alone it can be told: its words may name the person."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return max((refused.code for refused in error.recipients), default=None)
    return error.code if isinstance(error, aiosmtplib.SMTPResponseException) else None


def _reason(error: Exception, code: int | None) -> str:
    return f"{type(error).__name__}" if code is None else f"{type(error).__name__} {code}"
