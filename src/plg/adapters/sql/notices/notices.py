"""Notices in the durable database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, update

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.notices.tables import notices
from plg.application.ports.notices.notices import NoticesPort
from plg.domain.notices.deliveries import Channel, Delivery, State
from plg.domain.notices.notices import Notice
from plg.domain.notices.thresholds import Reached

_n = notices.c
_DELIVERY = ("state", "tries", "due_at", "status", "reason", "done_at")
_MAIL, _WEBHOOK = ([_n[f"{channel}_{name}"] for name in _DELIVERY] for channel in Channel)
_REACHED = [_n[name] for name in Reached._fields]
_ROW = (_n.id, _n.at, *_REACHED, *_MAIL, *_WEBHOOK)
_REACHED_AT, _MAIL_AT = 2, 2 + len(_REACHED)
_WEBHOOK_AT = _MAIL_AT + len(_DELIVERY)


class SqlNotices(NoticesPort):
    """A row a notice, with columns for each channel."""

    def __init__(self, sql: Executor) -> None:
        self._sql = sql

    async def has_due(self, channel: Channel, now: float) -> bool:
        due = select(_n.id).where(_due_at(channel) <= now)
        return await self._sql.row(due.limit(1)) is not None

    async def take_due(self, channel: Channel, now: float, limit: int) -> list[Notice]:
        due = select(*_ROW).where(_due_at(channel) <= now).order_by(_due_at(channel), _n.id)
        taken = []
        for row in await self._sql.held_rows(due.limit(limit)):
            notice = _to_notice(row)
            delivery = notice.by(channel).taken_up(now)
            if await self.move(notice, channel, delivery):
                taken.append(notice.moved(channel, delivery))
        return taken

    async def move(self, notice: Notice, channel: Channel, delivery: Delivery) -> bool:
        tries = _n[f"{channel}_tries"]
        mine = update(notices).where(_n.id == notice.id, tries == notice.by(channel).tries)
        return await self._sql.write(mine.values(_values(channel, delivery))) == 1

    async def page(self, account_id: str | None, *, before: str | None, limit: int) -> list[Notice]:
        wanted = select(*_ROW)
        if account_id is not None:
            wanted = wanted.where(_n.account_id == account_id)
        rows = await self._sql.page(wanted, _n.id, before=before or "", limit=limit)
        return [_to_notice(row) for row in rows]

    async def prune(self, before: float, *, limit: int) -> int:
        return await self._sql.remove(notices, _n.at < before, limit=limit)


def _due_at(channel: Channel) -> ColumnElement[float]:
    return _n[f"{channel}_due_at"]


def _values(channel: Channel, delivery: Delivery) -> dict[str, object]:
    return {f"{channel}_{name}": getattr(delivery, name) for name in _DELIVERY}


def _to_notice(row: Sequence[Any]) -> Notice:
    notice_id, at = row[:_REACHED_AT]
    account_id, kind, period, percent, used, most, *rest = row[_REACHED_AT:_MAIL_AT]
    reached = Reached(account_id, kind, period, percent, int(used), int(most), *rest)
    mail, webhook = row[_MAIL_AT:_WEBHOOK_AT], row[_WEBHOOK_AT:]
    return Notice(notice_id, at, reached, _to_delivery(mail), _to_delivery(webhook))


def _to_delivery(values: Sequence[Any]) -> Delivery:
    state, *rest = values
    return Delivery(State(state), *rest)
