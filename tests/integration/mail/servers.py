"""Mail servers in process."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USERNAME, PASSWORD = "plg", "mail-password"


@dataclass
class Mailbox:
    """Keeps what a server took; `refusals` are its next answers instead, `unknown` nobody's."""

    envelopes: list[Envelope] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    logins: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def contents(self) -> list[bytes]:
        contents = [envelope.content for envelope in self.envelopes]
        return [content for content in contents if isinstance(content, bytes)]

    async def handle_RCPT(  # noqa: N802 - the library's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address in self.unknown:
            return f"550 {address}: nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        self.envelopes.append(envelope)
        return "250 OK"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        given = data if isinstance(data, LoginPassword) else LoginPassword(b"", b"")
        self.logins.append(given.login.decode())
        return AuthResult(success=given.password == PASSWORD.encode(), handled=False)


@dataclass(frozen=True)
class Certificate:
    """What a server shows, and whom a client trusts then."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def certificate(folder: Path) -> Certificate:
    """Make a certificate of `localhost`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(path)
    return Certificate(server, ssl.create_default_context(cafile=path))


@asynccontextmanager
async def serving(
    mailbox: Mailbox,
    *,
    shown: Certificate | None = None,
    tls: bool = False,
    utf8: bool = True,
) -> AsyncIterator[Mailbox]:
    """Serve the mailbox on a free port; with a certificate by STARTTLS, or `tls` at once."""
    starttls = shown.server if shown and not tls else None

    def protocol() -> SMTP:
        return SMTP(
            mailbox,
            enable_SMTPUTF8=utf8,
            hostname="localhost",
            tls_context=starttls,
            authenticator=mailbox.authenticate,
            auth_require_tls=not tls,
        )

    context = shown.server if shown and tls else None
    server = await asyncio.get_running_loop().create_server(protocol, "localhost", 0, ssl=context)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
