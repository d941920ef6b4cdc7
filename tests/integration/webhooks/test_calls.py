"""Webhooks are called as the specification says, and nobody is called who may not be."""

import asyncio
import ipaddress
import json
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest

from plg.adapters.webhooks.calls import HttpWebhookCalls, body_of
from plg.domain.errors import InvalidParameter
from plg.domain.notices.deliveries import Attempt
from plg.domain.notices.notices import Event
from plg.domain.notices.webhooks import signatures
from tests.fakes.clock import NOON, StoppedClock
from tests.integration.mail.servers import Certificate, certificate
from tests.integration.webhooks.receivers import SILENCE, Receiver, listening

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))
EVENT = Event("01EVENT", "usage.threshold_reached", NOON, {"account_id": "A1", "percent": 80})
REFUSED = Attempt(is_delivered=False, reason="address_refused")
SECRETS = (b"new secret", b"old secret")


class Names:
    """
    Knows the addresses of hosts; each look-up gets the next of several answers.

    `asked` are the hosts that were looked up.
    """

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        return self._answers.pop(0)


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


def calls_to(
    *answers: Sequence[str],
    allowed: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network] = LOOPBACK,
    trust: ssl.SSLContext | None = None,
    timeout_seconds: float = 5.0,
) -> HttpWebhookCalls:
    """Return calls for which names are looked up here."""
    return HttpWebhookCalls(
        allowed, timeout_seconds, StoppedClock(), resolve=Names(*answers), trust=trust
    )


def real_calls(*, timeout_seconds: float = 5.0) -> HttpWebhookCalls:
    return HttpWebhookCalls(LOOPBACK, timeout_seconds, StoppedClock())


async def test_it_is_called_with_what_the_specification_asks_for() -> None:
    async with listening(Receiver()) as receiver:
        url = f"http://127.0.0.1:{receiver.port}/hooks/plg?tenant=7"
        attempt = await real_calls().call(url, SECRETS, EVENT)

    assert attempt == Attempt(is_delivered=True, status=204)
    (request,) = receiver.received
    assert request.line == "POST /hooks/plg?tenant=7 HTTP/1.1"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("plg/")
    assert request.headers["webhook-id"] == "01EVENT"
    assert request.headers["webhook-timestamp"] == str(int(NOON))
    signed = signatures(SECRETS, "01EVENT", int(NOON), request.body)
    assert request.headers["webhook-signature"] == signed
    assert json.loads(request.body) == {
        "type": "usage.threshold_reached",
        "timestamp": "2023-11-14T22:13:20.000Z",
        "data": {"account_id": "A1", "percent": 80},
    }


async def test_the_same_event_has_the_same_body() -> None:
    again = Event(EVENT.id, EVENT.type, EVENT.at, dict(EVENT.data))

    assert body_of(EVENT) == body_of(again)


async def test_with_tls_the_certificate_is_that_of_the_name(certified: Certificate) -> None:
    async with listening(Receiver(), certified.server) as receiver:
        calls = calls_to(["127.0.0.1"], ["127.0.0.1"], trust=certified.client)
        good = await calls.call(f"https://localhost:{receiver.port}/", SECRETS, EVENT)
        other = await calls.call(f"https://other.example:{receiver.port}/", SECRETS, EVENT)

    assert good == Attempt(is_delivered=True, status=204)
    assert receiver.received[0].headers["host"] == f"localhost:{receiver.port}"
    assert other == Attempt(is_delivered=False, reason="tls")
    assert len(receiver.received) == 1


async def test_a_certificate_that_nobody_trusts_is_refused(certified: Certificate) -> None:
    async with listening(Receiver(), certified.server) as receiver:
        calls = calls_to(["127.0.0.1"])
        attempt = await calls.call(f"https://localhost:{receiver.port}/", SECRETS, EVENT)

    assert attempt == Attempt(is_delivered=False, reason="tls")
    assert receiver.received == []


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_every_2xx_means_that_it_was_taken(status: int) -> None:
    answer = f"HTTP/1.1 {status} OK\r\nContent-Length: 0\r\n\r\n".encode()
    async with listening(Receiver(answer)) as receiver:
        attempt = await real_calls().call(f"http://127.0.0.1:{receiver.port}", SECRETS, EVENT)

    assert attempt == Attempt(is_delivered=True, status=status)


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 429, 500, 503])
async def test_every_other_status_does_not(status: int) -> None:
    answer = f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode()
    async with listening(Receiver(answer)) as receiver:
        attempt = await real_calls().call(f"http://127.0.0.1:{receiver.port}", SECRETS, EVENT)

    assert attempt == Attempt(is_delivered=False, status=status, reason="status")


async def test_gone_is_for_good() -> None:
    async with listening(Receiver(b"HTTP/1.1 410 Gone\r\n\r\n")) as receiver:
        attempt = await real_calls().call(f"http://127.0.0.1:{receiver.port}", SECRETS, EVENT)

    assert attempt == Attempt(is_delivered=False, is_final=True, status=410, reason="status")


async def test_redirects_are_not_followed() -> None:
    async with listening(Receiver()) as there:
        target = f"Location: http://127.0.0.1:{there.port}/\r\n\r\n"
        async with listening(Receiver(f"HTTP/1.1 307 Over there\r\n{target}".encode())) as here:
            await real_calls().call(f"http://127.0.0.1:{here.port}", SECRETS, EVENT)

    assert there.connections == 0


@pytest.mark.parametrize(
    "receiver",
    [
        Receiver(SILENCE),
        Receiver(b"HTTP/1.1 100 Continue\r\n\r\n", trickles=True),
    ],
    ids=["silence", "informational answers without an end"],
)
async def test_a_call_ends_in_time(receiver: Receiver) -> None:
    async with listening(receiver), asyncio.timeout(5):
        url = f"http://127.0.0.1:{receiver.port}"
        attempt = await real_calls(timeout_seconds=0.2).call(url, SECRETS, EVENT)

    assert attempt == Attempt(is_delivered=False, reason="timeout")


async def test_the_body_of_an_answer_is_not_waited_for() -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 1000
    async with listening(Receiver(answer, trickles=True)) as receiver, asyncio.timeout(5):
        attempt = await real_calls().call(f"http://127.0.0.1:{receiver.port}", SECRETS, EVENT)

    assert attempt == Attempt(is_delivered=True, status=200)


@pytest.mark.parametrize(
    "answer",
    [b"\r\n", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, b"HTTP/1.1 204"],
    ids=["nothing", "garbage", "a head without an end", "half a head"],
)
async def test_an_answer_that_is_no_http_is_a_failure(answer: bytes) -> None:
    async with listening(Receiver(answer)) as receiver:
        attempt = await real_calls().call(f"http://127.0.0.1:{receiver.port}", SECRETS, EVENT)

    assert attempt == Attempt(is_delivered=False, reason="broken_off")


async def test_where_nobody_listens_nobody_is_reached() -> None:
    async with listening(Receiver()) as receiver:
        url = f"http://127.0.0.1:{receiver.port}"

    assert await real_calls().call(url, SECRETS, EVENT) == Attempt(
        is_delivered=False, reason="not_reached"
    )


@pytest.mark.parametrize(
    "addresses",
    [
        [],
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::1"],
        ["fd00::1"],
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
        ["2606:4700:4700::1111", "192.168.0.1"],
    ],
)
async def test_a_name_with_any_address_that_is_not_public_is_not_called(
    addresses: list[str],
) -> None:
    async with listening(Receiver()) as receiver:
        calls = calls_to(addresses, allowed=())
        attempt = await calls.call(f"https://rebound.example:{receiver.port}/", SECRETS, EVENT)

    assert attempt == REFUSED
    assert receiver.connections == 0


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1", "0x7f000001", "2130706433", "0177.1",
     "[::ffff:127.0.0.1]", "[::]"],
)  # fmt: skip
async def test_no_way_of_writing_an_address_of_this_machine_leads_to_it(host: str) -> None:
    """As the machine itself looks them up."""
    async with listening(Receiver(), host="127.0.0.1") as receiver:
        calls = HttpWebhookCalls((), 5.0, StoppedClock())
        attempt = await calls.call(f"https://{host}:{receiver.port}/", SECRETS, EVENT)

    assert attempt == REFUSED
    assert receiver.connections == 0


async def test_a_name_that_answers_otherwise_a_moment_later_gains_nothing() -> None:
    """It is looked up once, and that very address is connected to."""
    async with listening(Receiver()) as receiver:
        names = Names(["127.0.0.1"], ["10.0.0.1"])
        calls = HttpWebhookCalls(LOOPBACK, 5.0, StoppedClock(), resolve=names)
        attempt = await calls.call(f"http://twice.example:{receiver.port}/", SECRETS, EVENT)

    assert attempt.is_delivered
    assert names.asked == ["twice.example"]
    assert receiver.received[0].headers["host"] == f"twice.example:{receiver.port}"


async def test_a_name_that_nobody_knows_is_told_as_one_that_may_not_be_called() -> None:
    calls = HttpWebhookCalls((), 5.0, StoppedClock())

    assert await calls.call("https://no-such-host.invalid/", SECRETS, EVENT) == REFUSED
    assert await calls.call(f"https://{'x' * 70}.example/", SECRETS, EVENT) == REFUSED


async def test_of_several_addresses_the_first_that_answers_is_taken() -> None:
    async with listening(Receiver(), host="127.0.0.1") as receiver:
        calls = calls_to(["127.0.0.2", "127.0.0.1"])
        attempt = await calls.call(f"http://two.example:{receiver.port}/", SECRETS, EVENT)

    assert attempt.is_delivered


async def test_what_is_allowed_is_no_more_than_that() -> None:
    async with listening(Receiver()) as receiver:
        allowed = (ipaddress.ip_network("127.0.0.2/32"),)
        calls = HttpWebhookCalls(allowed, 5.0, StoppedClock())
        attempt = await calls.call(f"http://127.0.0.1:{receiver.port}/", SECRETS, EVENT)

    assert attempt == REFUSED


async def test_without_tls_only_networks_that_are_allowed_are_called() -> None:
    calls = calls_to(["93.184.216.34"])

    assert await calls.call("http://public.example/", SECRETS, EVENT) == REFUSED


def test_without_any_allowed_network_tls_is_needed() -> None:
    calls_to(allowed=LOOPBACK).check("http://127.0.0.1/")
    with pytest.raises(InvalidParameter, match="https://"):
        calls_to(allowed=()).check("http://127.0.0.1/")


async def test_an_address_that_is_allowed_no_more_is_not_called() -> None:
    assert await calls_to(allowed=()).call("http://127.0.0.1:9/", SECRETS, EVENT) == REFUSED


async def test_proxies_of_the_environment_are_not_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening(Receiver()) as proxy, listening(Receiver()) as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NETRC", str(tmp_path / "none"))
        await real_calls().call(f"http://127.0.0.1:{receiver.port}", SECRETS, EVENT)

    assert (proxy.connections, receiver.connections) == (0, 1)
