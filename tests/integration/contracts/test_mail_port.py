"""What every MailPort promises."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from plg.adapters.mail.outbox import OutboxCarrier
from plg.adapters.mail.queued import QueuedMail
from plg.adapters.mail.smtp import SmtpCarrier
from plg.application.ports.notices.mail import Mail, MailPort
from plg.domain.identity.addresses import Email
from plg.domain.notices.deliveries import DELIVERED
from tests.fakes.clock import StoppedClock
from tests.fakes.mail import KeptMail
from tests.integration.mail.servers import Mailbox, serving

SENDER = "plg@gateway.example"
LINK = "https://plg.example/api/v1/auth/password/reset?token=" + "x" * 43
LETTER = Mail("ana@example.org", "Set your password", f"Follow this link:\n\n{LINK}\n")


@dataclass(frozen=True)
class Post:
    """Something that sends mail, and what has arrived."""

    port: MailPort
    arrived: Callable[[], list[Mail]]


def read(raw: bytes) -> Mail:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message["From"] == SENDER
    text = message.get_content().replace("\r\n", "\n")
    return Mail(str(message["To"]), str(message["Subject"]), text)


@pytest.fixture(params=["smtp", "outbox", "twin"])
async def post(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Post]:
    if request.param == "twin":
        kept = KeptMail()
        yield Post(kept, lambda: kept.sent)
    elif request.param == "outbox":
        queued = QueuedMail(OutboxCarrier(tmp_path / "outbox"), SENDER, StoppedClock())
        yield Post(
            queued, lambda: [read(path.read_bytes()) for path in sorted(tmp_path.glob("*/*.eml"))]
        )
    else:
        async with serving(Mailbox()) as box:
            carrier = SmtpCarrier("localhost", box.port, security="off")
            queued = QueuedMail(carrier, SENDER, StoppedClock())
            yield Post(queued, lambda: [read(raw) for raw in box.contents])


async def test_what_is_sent_arrives_as_it_was_written(post: Post) -> None:
    post.port.send(LETTER)
    await post.port.drain()

    assert post.arrived() == [LETTER]


async def test_every_letter_arrives_once(post: Post) -> None:
    letters = [Mail(f"user{number}@example.org", "Hello", "Hello\n") for number in range(5)]
    for letter in letters:
        post.port.send(letter)
    await post.port.drain()

    assert sorted(mail.to for mail in post.arrived()) == [mail.to for mail in letters]


async def test_after_it_was_drained_it_goes_on(post: Post) -> None:
    post.port.send(LETTER)
    await post.port.drain()
    post.port.send(LETTER)
    await post.port.drain()

    assert post.arrived() == [LETTER, LETTER]


async def test_with_nothing_to_send_it_is_drained_at_once(post: Post) -> None:
    await post.port.drain()

    assert post.arrived() == []


async def test_letters_of_any_alphabet_arrive(post: Post) -> None:
    letter = Mail("ana@example.org", "Größe é 雪", "Größe é 雪\n")
    post.port.send(letter)
    await post.port.drain()

    assert post.arrived() == [letter]


async def test_addresses_of_any_alphabet_arrive(post: Post) -> None:
    post.port.send(Mail("añã@exämple.org", "Hello", "Hello\n"))
    await post.port.drain()

    (arrived,) = post.arrived()
    assert Email(arrived.to).mailbox == "añã@xn--exmple-cua.org"
    assert (arrived.subject, arrived.text) == ("Hello", "Hello\n")


async def test_what_is_delivered_at_once_arrives_once(post: Post) -> None:
    assert await post.port.deliver(LETTER) == DELIVERED

    assert post.arrived() == [LETTER]
