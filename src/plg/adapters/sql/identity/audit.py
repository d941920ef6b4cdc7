"""The audit log in the durable database."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, insert, select

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.identity.tables import audit_log
from plg.application.ports.identity.audit import AuditFilter, AuditPort
from plg.domain.audit import Action, Actor, AuditRecord

_c = audit_log.c


class SqlAudit(AuditPort):
    """A row a record; the database itself refuses to change one."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def record(self, record: AuditRecord) -> None:
        values = {
            "id": record.id,
            "at": record.at,
            "actor_id": record.actor.id,
            "account_id": record.actor.account_id,
            "address": record.actor.address,
            "request_id": record.actor.request_id,
            "action": record.action.value,
            "target": record.target,
            "details": json.dumps(dict(record.details), ensure_ascii=False),
        }
        await self._statements.write(insert(audit_log), values)

    async def page(
        self, wanted: AuditFilter, *, before: str | None, limit: int
    ) -> list[AuditRecord]:
        statement = select(*_c).where(*_conditions(wanted))
        rows = await self._statements.page(statement, _c.id, before=before or "", limit=limit)
        return [_to_record(row) for row in rows]


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.actor_id is not None:
        yield _c.actor_id == wanted.actor_id
    if wanted.account_id is not None:
        yield _c.account_id == wanted.account_id
    if wanted.action is not None:
        yield _c.action == wanted.action.value
    if wanted.target is not None:
        yield _c.target == wanted.target
    if wanted.since is not None:
        yield _c.at >= wanted.since
    if wanted.until is not None:
        yield _c.at < wanted.until


def _to_record(values: Sequence[Any]) -> AuditRecord:
    record_id, at, actor_id, account_id, address, request_id, action, target, details = values
    actor = Actor(actor_id, account_id, address, request_id)
    return AuditRecord(record_id, at, actor, Action(action), target, json.loads(details))
