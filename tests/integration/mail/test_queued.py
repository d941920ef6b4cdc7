"""Mail that waits for its turn."""

import asyncio
from dataclasses import replace
from email.message import EmailMessage

import pytest
from structlog.testing import capture_logs

from plg.adapters.mail.carrier import Carrier, NotCarried
from plg.adapters.mail.messages import compose
from plg.adapters.mail.queued import PAUSES, QueuedMail
from plg.application.ports.notices.mail import Mail
from plg.domain.notices.deliveries import Attempt
from tests.fakes.clock import StoppedClock

SENDER = "plg@gateway.example"
LETTER = Mail("ana@example.org", "A secret subject", "a secret link\n")


class Fickle(Carrier):
    """Fails so many times, then takes what comes; while `closed`, it waits."""

    def __init__(self, failures: int = 0, *, is_final: bool = False) -> None:
        self.failures = failures
        self.is_final = is_final
        self.tries = 0
        self.carried: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.was_tried = asyncio.Event()

    async def carry(self, message: EmailMessage, now: float) -> None:  # noqa: ARG002 - the port's
        self.tries += 1
        self.was_tried.set()
        await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise NotCarried("the server is out", is_final=self.is_final)
        self.carried.append(str(message["To"]))


class Pauses:
    """Sleeps at once, and remembers for how long."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def queue(
    carrier: Carrier, pauses: Pauses, waiting_max: int = 1000, drain_seconds: float = 5.0
) -> QueuedMail:
    return QueuedMail(
        carrier,
        SENDER,
        StoppedClock(),
        waiting_max=waiting_max,
        drain_seconds=drain_seconds,
        sleep=pauses,
    )


async def finished(mail: QueuedMail) -> None:
    """Wait until the work is done by itself."""
    worker = mail._worker  # noqa: SLF001 - to drain it would hurry it
    assert worker is not None
    await worker


async def test_what_fails_is_tried_again_after_growing_pauses() -> None:
    carrier, pauses = Fickle(failures=2), Pauses()
    mail = queue(carrier, pauses)
    mail.send(LETTER)
    await finished(mail)

    assert (carrier.carried, tuple(pauses.seconds)) == ([LETTER.to], PAUSES)


@pytest.mark.parametrize(("is_final", "tries"), [(False, 3), (True, 1)])
async def test_what_fails_for_good_is_dropped_and_the_log_names_neither_person_nor_content(
    is_final: bool, tries: int
) -> None:
    carrier = Fickle(failures=9, is_final=is_final)
    mail = queue(carrier, Pauses())
    with capture_logs() as lines:
        mail.send(LETTER)
        await finished(mail)

    assert carrier.tries == tries
    assert [(line["event"], line["domain"]) for line in lines] == [("mail dropped", "example.org")]
    assert "ana" not in str(lines)
    assert "secret" not in str(lines)


async def test_one_letter_that_fails_does_not_keep_the_next() -> None:
    carrier = Fickle(failures=3)
    mail = queue(carrier, Pauses())
    mail.send(LETTER)
    mail.send(Mail("ben@example.org", "Hello", "Hello\n"))
    await finished(mail)

    assert carrier.carried == ["ben@example.org"]


async def test_more_than_may_wait_is_dropped() -> None:
    carrier = Fickle()
    carrier.gate.clear()
    mail = queue(carrier, Pauses(), waiting_max=2)
    with capture_logs() as lines:
        for _ in range(3):
            mail.send(LETTER)
    carrier.gate.set()
    await mail.drain()

    assert (len(carrier.carried), len(lines)) == (2, 1)


async def test_draining_does_not_wait_for_pauses() -> None:
    carrier = Fickle(failures=9)
    mail = QueuedMail(carrier, SENDER, StoppedClock())
    with capture_logs() as lines:
        mail.send(LETTER)
        await carrier.was_tried.wait()
        async with asyncio.timeout(0.9):
            await mail.drain()

    assert (carrier.tries, len(lines)) == (2, 1)


async def test_draining_ends_though_a_server_does_not_answer() -> None:
    carrier = Fickle()
    carrier.gate.clear()
    mail = queue(carrier, Pauses(), drain_seconds=0.01)
    with capture_logs() as lines:
        mail.send(LETTER)
        mail.send(LETTER)
        await mail.drain()

    assert [line["reason"] for line in lines] == ["there was no time left"] * 2


@pytest.mark.parametrize(
    "letter",
    [
        Mail("ana@example.org\r\nBcc: eve@example.org", "Hello", "Hello\n"),
        Mail("ana@example.org", "Hello\r\nBcc: eve@example.org", "Hello\n"),
        Mail("ana@example.org, eve@example.org\n", "Hello", "Hello\n"),
    ],
)
async def test_nothing_can_add_a_header(letter: Mail) -> None:
    carrier = Fickle()
    mail = queue(carrier, Pauses())
    with capture_logs() as lines:
        mail.send(letter)
    await mail.drain()

    assert carrier.carried == []
    assert "eve@" not in str(lines)


@pytest.mark.parametrize("is_final", [False, True])
async def test_what_is_delivered_at_once_is_tried_once(is_final: bool) -> None:
    carrier, pauses = Fickle(failures=9, is_final=is_final), Pauses()
    with capture_logs() as logs:
        attempt = await queue(carrier, pauses).deliver(LETTER)

    reason = "refused" if is_final else "not_taken"
    assert attempt == Attempt(is_delivered=False, is_final=is_final, reason=reason)
    assert (carrier.tries, pauses.seconds) == (1, [])
    assert [each["domain"] for each in logs] == ["example.org"]
    assert not any(text in str(logs) for text in ("ana@", LETTER.subject, "secret link"))


async def test_what_cannot_be_addressed_is_not_tried_again() -> None:
    carrier = Fickle()
    attempt = await queue(carrier, Pauses()).deliver(Mail("ana@exam\r\nple.org", "Hello", "Hello"))

    assert attempt == Attempt(is_delivered=False, is_final=True, reason="bad_address")
    assert carrier.tries == 0


async def test_the_same_letter_has_the_same_id_however_often_it_is_sent() -> None:
    first, second = [compose(replace(LETTER, id="01N"), SENDER, now) for now in (1.0, 2.0)]

    assert first["Message-ID"] == second["Message-ID"] == "<01N@gateway.example>"
    assert compose(LETTER, SENDER, 1.0)["Message-ID"] != compose(LETTER, SENDER, 1.0)["Message-ID"]
