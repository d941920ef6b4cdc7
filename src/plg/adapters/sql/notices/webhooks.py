"""Accounts' webhooks in the durable database."""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import delete, func, insert, select

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.notices.tables import webhooks
from plg.application.ports.notices.webhooks import WebhooksPort
from plg.domain.notices.webhooks import Webhook

_w = webhooks.c
_NAMES = tuple(each.name for each in fields(Webhook))
_ROW = [_w[name] for name in _NAMES]


class SqlWebhooks(WebhooksPort):
    """A row an account; its columns have the names of what they hold."""

    def __init__(self, sql: Executor) -> None:
        self._sql = sql

    async def get(self, account_id: str) -> Webhook | None:
        row = await self._sql.held_row(select(*_ROW).where(_w.account_id == account_id))
        return None if row is None else Webhook(*row)

    async def put(self, webhook: Webhook) -> None:
        await self.remove(webhook.account_id)
        values = {name: getattr(webhook, name) for name in _NAMES}
        await self._sql.write(insert(webhooks), values)

    async def remove(self, account_id: str) -> bool:
        mine = delete(webhooks).where(_w.account_id == account_id)
        return await self._sql.write(mine) == 1

    async def left_behind(self, prefixes: Sequence[str]) -> int:
        others = (~_w.secret.startswith(each, autoescape=True) for each in prefixes)
        (row,) = await self._sql.rows(select(func.count()).select_from(webhooks).where(*others))
        return int(row[0])
