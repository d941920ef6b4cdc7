"""Mail that waits for its turn."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from typing import Final

import structlog

from plg.adapters.mail.carrier import Carrier, NotCarried
from plg.adapters.mail.messages import compose, domain_of
from plg.application.ports.clock import ClockPort
from plg.application.ports.notices.mail import Mail, MailPort
from plg.domain.notices.deliveries import DELIVERED, Attempt

WAITING_MAX: Final = 1000
PAUSES: Final = (1.0, 10.0)
"""Seconds before the second and the third try."""

DRAIN_SECONDS: Final = 10.0
NO_HEADER: Final = "the address cannot stand in a header"
_log = structlog.get_logger("plg.mail")
Sleep = Callable[[float], Awaitable[object]]


class QueuedMail(MailPort):
    """
    Hands one message after the other to a carrier, while its sender continues.

    What cannot be carried in three tries is dropped; the log then says whose domain it was for,
    and neither the person nor the content.
    """

    def __init__(
        self,
        carrier: Carrier,
        sender: str,
        clock: ClockPort,
        *,
        waiting_max: int = WAITING_MAX,
        drain_seconds: float = DRAIN_SECONDS,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._carrier = carrier
        self._sender = sender
        self._clock = clock
        self._waiting_max = waiting_max
        self._drain_seconds = drain_seconds
        self._sleep = sleep
        self._waiting: deque[tuple[Mail, EmailMessage]] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def send(self, mail: Mail) -> None:
        if len(self._waiting) >= self._waiting_max:
            _drop(mail, "too much mail waits")
            return
        try:
            message = compose(mail, self._sender, self._clock.now())
        except (ValueError, IndexError):  # the library trips over some addresses
            _drop(mail, NO_HEADER)
            return
        self._waiting.append((mail, message))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())

    async def deliver(self, mail: Mail) -> Attempt:
        now = self._clock.now()
        try:
            await self._carrier.carry(compose(mail, self._sender, now), now)
        except (ValueError, IndexError):  # as above
            _drop(mail, NO_HEADER)
            return Attempt(is_delivered=False, is_final=True, reason="bad_address")
        except NotCarried as error:
            _log.warning("mail not taken", domain=_domain(mail), reason=str(error))
            reason = "refused" if error.is_final else "not_taken"
            return Attempt(is_delivered=False, is_final=error.is_final, reason=reason)
        return DELIVERED

    async def drain(self) -> None:
        """Try what waits once more without pauses, for a bounded time; drop what is left then."""
        if self._worker is None:
            return
        self._hurry.set()
        _, late = await asyncio.wait((self._worker,), timeout=self._drain_seconds)
        for task in late:
            task.cancel()
            await asyncio.wait((task,))
        self._hurry.clear()
        while self._waiting:
            _drop(self._waiting.popleft()[0], "there was no time left")

    async def _work(self) -> None:
        while self._waiting:
            await self._deliver(*self._waiting[0])
            self._waiting.popleft()

    async def _deliver(self, mail: Mail, message: EmailMessage) -> None:
        for pause in PAUSES:
            if await self._is_settled(mail, message):
                return
            await self._pause(pause)
        await self._is_settled(mail, message, is_last=True)

    async def _is_settled(
        self, mail: Mail, message: EmailMessage, *, is_last: bool = False
    ) -> bool:
        """Try once; tell whether it was carried, or dropped for good."""
        try:
            await self._carrier.carry(message, self._clock.now())
        except NotCarried as error:
            if not is_last and not error.is_final and not self._hurry.is_set():
                return False
            _drop(mail, str(error))
        return True

    async def _pause(self, seconds: float) -> None:
        """Wait, unless there is no time for it any more."""
        waits = [asyncio.ensure_future(wait) for wait in (self._sleep(seconds), self._hurry.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


def _drop(mail: Mail, reason: str) -> None:
    _log.error("mail dropped", domain=_domain(mail), reason=reason)


def _domain(mail: Mail) -> str:
    return domain_of(mail.to)[:253]
