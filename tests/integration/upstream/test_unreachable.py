"""What is said where no source can be reached, and why."""

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from httpx_aiohttp import AiohttpTransport

from plg.adapters.upstream.client import pooled_transport
from plg.domain.errors import SourceFailed, Unreachable
from tests.fakes.entries import ANA
from tests.integration.upstream.sources import Handler, source_over

HIDDEN = "127.0.0.1"


class NoNames(AbstractResolver):
    """Knows no host."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        raise OSError(None, f"no address of {host}:{port} in {family}")

    async def close(self) -> None: ...


@pytest.fixture
def refusing() -> Iterator[int]:
    """Return a port that is taken, and at which nobody listens."""
    with socket.socket() as taken:
        taken.bind((HIDDEN, 0))
        yield taken.getsockname()[1]


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """Return what serves TLS with a certificate that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "source")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, start, start.replace(year=2090))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HIDDEN))]), False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "source.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@asynccontextmanager
async def speaking(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Yield the address at which the handler speaks."""
    server = await asyncio.start_server(handler, HIDDEN, 0, ssl=tls)
    async with server:
        yield f"{HIDDEN}:{server.sockets[0].getsockname()[1]}"


async def failure_at(base_url: str, resolver: AbstractResolver | None = None) -> SourceFailed:
    transport = pooled_transport(1)
    if resolver is not None:
        connector = aiohttp.TCPConnector(resolver=resolver)
        transport = AiohttpTransport(client=aiohttp.ClientSession(connector=connector))
    source = source_over(transport, base_url)
    with pytest.raises(SourceFailed) as caught:
        await source.fetch(ANA)
    await source.client.aclose()
    assert "ssl:default" not in str(caught.value)
    assert "Timeout" not in str(caught.value)
    assert HIDDEN not in str(caught.value)
    return caught.value


async def test_a_source_that_refuses_connections_is_said_to(refusing: int) -> None:
    for scheme in ("http", "https"):
        failure = await failure_at(f"{scheme}://{HIDDEN}:{refusing}")

        assert failure.cause is Unreachable.REFUSED


async def test_a_host_without_an_address_is_said_to_have_none() -> None:
    failure = await failure_at("https://nowhere.test", NoNames())

    assert failure.cause is Unreachable.UNRESOLVED


async def test_a_certificate_that_nobody_trusts_is_said_to_be_none(
    certificate: ssl.SSLContext,
) -> None:
    async with speaking(hang_up, certificate) as address:
        failure = await failure_at(f"https://{address}")

    assert failure.cause is Unreachable.CERTIFICATE
    assert "self-signed certificate" in str(failure)


async def answer_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    writer.close()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.close()


async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n[")
    writer.close()


async def test_tls_to_what_speaks_none_is_said_to_fail() -> None:
    async with speaking(answer_plainly) as address:
        failure = await failure_at(f"https://{address}")

    assert failure.cause is Unreachable.TLS


@pytest.mark.parametrize("handler", [hang_up, break_off])
async def test_a_source_that_hangs_up_is_said_to(handler: Handler) -> None:
    async with speaking(handler) as address:
        failure = await failure_at(f"http://{address}")

    assert failure.cause is Unreachable.BROKEN_OFF
