"""Deliver what is due: by mail, and by webhook."""

import asyncio
from abc import abstractmethod
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Protocol

from plg.application.notices.mail_templates import threshold_reached
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.sealing import SealPort
from plg.application.ports.notices.mail import Mail, MailPort
from plg.application.ports.notices.webhooks import WebhookCallsPort
from plg.application.ports.observer import ObserverPort
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.application.shielded import shielded
from plg.domain.errors import SealBroken
from plg.domain.notices.deliveries import Attempt, Channel
from plg.domain.notices.notices import Notice
from plg.domain.notices.webhooks import Webhook

TAKEN_MAX: Final = 10
"""Notices that are taken up, and delivered, at once."""
MAIL_SECONDS: Final = 60.0


class Carrier(Protocol):
    """Knows how one channel reaches an account."""

    channel: Channel

    @abstractmethod
    async def carry(self, notice: Notice) -> Attempt | None:
        """Try once; None where there is nobody to deliver to."""

    @abstractmethod
    async def note(self, work: Work, notice: Notice, attempt: Attempt, now: float) -> None:
        """Write down, with the state of the notice, what is worth knowing besides."""


@dataclass(frozen=True, slots=True)
class ByMail(Carrier):
    """Writes to the account's address."""

    work: UnitOfWorkPort
    mail: MailPort
    base_url: str
    channel = Channel.MAIL

    async def carry(self, notice: Notice) -> Attempt | None:
        letter = await shielded(self._letter(notice))
        if letter is None:
            return None
        try:
            async with asyncio.timeout(MAIL_SECONDS):
                return await self.mail.deliver(letter)
        except TimeoutError:
            return Attempt(is_delivered=False, reason="timeout")

    async def note(self, work: Work, notice: Notice, attempt: Attempt, now: float) -> None:
        """There is nothing more to know."""

    async def _letter(self, notice: Notice) -> Mail | None:
        async with self.work.look() as work:
            account = await work.accounts.get(notice.reached.account_id)
        if account is None or not account.is_active:
            return None
        return threshold_reached(notice, account.email, self.base_url)


@dataclass(frozen=True, slots=True)
class ByWebhook(Carrier):
    """
    Calls the account's webhook, and notes on it whether that failed; not on one set since.

    A secret that is sealed under an earlier secret of the operator's is sealed anew.
    """

    work: UnitOfWorkPort
    calls: WebhookCallsPort
    seal: SealPort
    clock: ClockPort
    channel = Channel.WEBHOOK

    async def carry(self, notice: Notice) -> Attempt | None:
        webhook = await shielded(self._webhook(notice.reached.account_id))
        if webhook is None:
            return None
        try:
            sealed = webhook.sealed_secrets(self.clock.now())
            secrets = [self.seal.open(each, webhook.context) for each in sealed]
        except SealBroken:
            return Attempt(is_delivered=False, reason="secret_unreadable")
        return await self.calls.call(webhook.url, secrets, notice.event)

    async def note(self, work: Work, notice: Notice, attempt: Attempt, now: float) -> None:
        webhook = await work.webhooks.get(notice.reached.account_id)
        if webhook is not None and webhook.created_at <= notice.webhook.taken_at:
            failed_at = None if attempt.is_delivered else now
            status = None if attempt.is_delivered else attempt.status
            changed = replace(
                webhook,
                secret=self._sealed(webhook),
                failed_at=failed_at,
                failure=attempt.reason,
                failure_status=status,
            )
            if changed != webhook:
                await work.webhooks.put(changed)

    def _sealed(self, webhook: Webhook) -> str:
        sealed, context = webhook.secret, webhook.context
        if self.seal.is_current(sealed):
            return sealed
        with suppress(SealBroken):
            return self.seal.seal(self.seal.open(sealed, context), context)
        return sealed

    async def _webhook(self, account_id: str) -> Webhook | None:
        async with self.work.look() as work:
            account = await work.accounts.get(account_id)
            if account is None or not account.is_active:
                return None
            return await work.webhooks.get(account_id)


@dataclass(frozen=True, slots=True)
class Deliver:
    """
    Delivers what is due by one channel.

    What it takes up is its own for a while, so that of several processes one delivers; should it
    die before that, another does, and the receiver knows the repeat by the same id.
    """

    work: UnitOfWorkPort
    carrier: Carrier
    clock: ClockPort
    observer: ObserverPort

    async def __call__(self) -> int:
        """
        Deliver what is due, a few at once; return how many were tried.

        Raises:
            StorageUnavailable: If the database fails; what is not done is due again later.
        """
        taken = await shielded(self._taken())
        async with asyncio.TaskGroup() as group:
            for notice in taken:
                group.create_task(self._deliver(notice))
        return len(taken)

    async def _taken(self) -> list[Notice]:
        now, channel = self.clock.now(), self.carrier.channel
        async with self.work.look() as work:
            if not await work.notices.has_due(channel, now):
                return []
        async with self.work.change() as work:
            return await work.notices.take_due(channel, now, TAKEN_MAX)

    async def _deliver(self, notice: Notice) -> None:
        try:
            attempt = await self.carrier.carry(notice)
        except Exception as error:  # noqa: BLE001 - one account's trouble is not the others'
            self.observer.background_failed(f"deliver_{self.carrier.channel}", error)
            attempt = Attempt(is_delivered=False, reason="failed")
        await shielded(self._note(notice, attempt))

    async def _note(self, notice: Notice, attempt: Attempt | None) -> None:
        now, channel = self.clock.now(), self.carrier.channel
        before = notice.by(channel)
        after = before.unwanted(now) if attempt is None else before.after(attempt, now)
        async with self.work.change() as work:
            is_ours = await work.notices.move(notice, channel, after)
            if is_ours and attempt is not None:
                await self.carrier.note(work, notice, attempt, now)
