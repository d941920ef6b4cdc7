"""Notices and webhooks in memory."""

from collections.abc import Sequence

from plg.application.ports.notices.notices import NoticesPort
from plg.application.ports.notices.webhooks import WebhooksPort
from plg.domain.notices.deliveries import Channel, Delivery
from plg.domain.notices.notices import Notice
from plg.domain.notices.webhooks import Webhook
from tests.fakes.memory_tables import Twin


class MemoryNotices(Twin, NoticesPort):
    """Notices in a dict, by what they are about."""

    async def has_due(self, channel: Channel, now: float) -> bool:
        return bool(self._due(channel, now))

    async def take_due(self, channel: Channel, now: float, limit: int) -> list[Notice]:
        taken = []
        for notice in self._due(channel, now)[:limit]:
            delivery = notice.by(channel).taken_up(now)
            await self.move(notice, channel, delivery)
            taken.append(notice.moved(channel, delivery))
        return taken

    async def move(self, notice: Notice, channel: Channel, delivery: Delivery) -> bool:
        tables = self._written.notices
        known = tables[notice.reached.place]
        if known.by(channel).tries != notice.by(channel).tries:
            return False
        tables[notice.reached.place] = known.moved(channel, delivery)
        return True

    async def page(self, account_id: str | None, *, before: str | None, limit: int) -> list[Notice]:
        found = [
            each
            for each in self._read.notices.values()
            if account_id in (None, each.reached.account_id)
            and (before is None or each.id < before)
        ]
        return sorted(found, key=lambda each: each.id, reverse=True)[:limit]

    async def prune(self, before: float, *, limit: int) -> int:
        tables = self._written.notices
        old = [key for key, each in tables.items() if each.at < before]
        for key in old[:limit]:
            del tables[key]
        return len(old[:limit])

    def _due(self, channel: Channel, now: float) -> list[Notice]:
        due = [each for each in self._read.notices.values() if each.by(channel).is_due(now)]
        return sorted(due, key=lambda each: (each.by(channel).due_at or 0.0, each.id))


class MemoryWebhooks(Twin, WebhooksPort):
    """Webhooks in a dict."""

    async def get(self, account_id: str) -> Webhook | None:
        return self._read.webhooks.get(account_id)

    async def put(self, webhook: Webhook) -> None:
        self._written.webhooks[webhook.account_id] = webhook

    async def remove(self, account_id: str) -> bool:
        return self._written.webhooks.pop(account_id, None) is not None

    async def left_behind(self, prefixes: Sequence[str]) -> int:
        held = self._read.webhooks.values()
        return sum(not each.secret.startswith(tuple(prefixes)) for each in held)
