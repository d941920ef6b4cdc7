"""Mail by SMTP."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from plg.adapters.mail.carrier import NotCarried
from plg.adapters.mail.messages import compose
from plg.adapters.mail.smtp import SmtpCarrier
from plg.application.ports.notices.mail import Mail
from tests.fakes.clock import NOON
from tests.integration.mail.servers import (
    PASSWORD,
    USERNAME,
    Certificate,
    Mailbox,
    certificate,
    serving,
)

MESSAGE = compose(Mail("ana@example.org", "Hello", "Hello\n"), "plg@gateway.example", NOON)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with serving(Mailbox()) as box:
        yield box


def plain(box: Mailbox) -> SmtpCarrier:
    return SmtpCarrier("localhost", box.port, security="off")


async def test_sender_and_recipient_are_those_of_the_header(box: Mailbox) -> None:
    await plain(box).carry(MESSAGE, NOON)

    assert box.envelopes[0].mail_from == "plg@gateway.example"
    assert box.envelopes[0].rcpt_tos == ["ana@example.org"]


async def test_a_server_without_smtputf8_takes_mail_for_any_domain() -> None:
    mail = Mail("ana@bücher.example", "Hello", "Hello\n")
    async with serving(Mailbox(), utf8=False) as box:
        await plain(box).carry(compose(mail, "plg@straße.example", NOON), NOON)

    assert box.envelopes[0].mail_from == "plg@xn--strae-oqa.example"
    assert box.envelopes[0].rcpt_tos == ["ana@xn--bcher-kva.example"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_it_logs_in_under_encryption(shown: Certificate, security: str) -> None:
    async with serving(Mailbox(), shown=shown, tls=security == "tls") as box:
        carrier = SmtpCarrier(
            "localhost", box.port, USERNAME, PASSWORD, security, trust=shown.client
        )
        await carrier.carry(MESSAGE, NOON)

    assert (box.logins, len(box.envelopes)) == ([USERNAME], 1)


async def test_without_encryption_nothing_is_sent_where_it_is_wanted(box: Mailbox) -> None:
    with pytest.raises(NotCarried):
        await SmtpCarrier("localhost", box.port, USERNAME, PASSWORD).carry(MESSAGE, NOON)
    assert (box.logins, box.envelopes) == ([], [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_whose_certificate_nobody_trusts_gets_nothing(
    shown: Certificate, security: str
) -> None:
    async with serving(Mailbox(), shown=shown, tls=security == "tls") as box:
        with pytest.raises(NotCarried):
            await SmtpCarrier("localhost", box.port, USERNAME, PASSWORD, security).carry(
                MESSAGE, NOON
            )
    assert (box.logins, box.envelopes) == ([], [])


@pytest.mark.parametrize(
    ("answer", "is_final"), [("451 ana@example.org: later", False), ("554 ana: no", True)]
)
async def test_a_refusal_says_its_code_and_not_whom_it_names(
    box: Mailbox, answer: str, is_final: bool
) -> None:
    box.refusals.append(answer)

    with pytest.raises(NotCarried, match=answer[:3]) as refusal:
        await plain(box).carry(MESSAGE, NOON)
    assert (refusal.value.is_final, "ana" in str(refusal.value)) == (is_final, False)


async def test_a_recipient_who_is_refused_is_final_and_not_named(box: Mailbox) -> None:
    box.unknown.add("ana@example.org")

    with pytest.raises(NotCarried, match="550") as refusal:
        await plain(box).carry(MESSAGE, NOON)
    assert (refusal.value.is_final, "ana" in str(refusal.value)) == (True, False)


async def test_a_wrong_password_is_final(shown: Certificate) -> None:
    async with serving(Mailbox(), shown=shown) as box:
        carrier = SmtpCarrier("localhost", box.port, USERNAME, "wrong", trust=shown.client)
        with pytest.raises(NotCarried, match="535") as refusal:
            await carrier.carry(MESSAGE, NOON)
    assert refusal.value.is_final


async def test_a_server_that_is_down_may_come_back() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        carrier = SmtpCarrier("127.0.0.1", taken.getsockname()[1], security="off")
        with pytest.raises(NotCarried) as refusal:
            await carrier.carry(MESSAGE, NOON)
    assert not refusal.value.is_final


async def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        carrier = SmtpCarrier("127.0.0.1", port, security="off", timeout=0.05)
        with pytest.raises(NotCarried):
            await carrier.carry(MESSAGE, NOON)


def test_the_password_does_not_print(tmp_path: Path) -> None:
    assert PASSWORD not in repr(SmtpCarrier(str(tmp_path), 25, USERNAME, PASSWORD))
