"""The audit log, for admins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

import msgspec

from plg.application.identity.list_audit import ListAudit
from plg.application.ports.identity.audit import AuditFilter
from plg.domain.audit import Action, AuditRecord
from plg.entrypoints.http.api.identity.users import ADMIN, TAG
from plg.entrypoints.http.arguments import Ask
from plg.entrypoints.http.protocol.moments import instant, moment
from plg.entrypoints.http.queries import ListQuery, choice_parameter, text_parameter
from plg.entrypoints.http.routes import Page, Routes


class ActorView(msgspec.Struct, frozen=True):
    """Who caused a change, and from where."""

    id: str
    account_id: str | None
    address: str | None
    request_id: str | None


class AuditView(msgspec.Struct, frozen=True):
    """One change."""

    id: str
    at: datetime
    actor: ActorView
    action: Action
    target: str
    details: dict[str, str]


class AuditQuery(ListQuery, frozen=True, kw_only=True):
    """Which records are asked for."""

    actor: Annotated[str | None, text_parameter("Who did it.", "operator")] = None
    account: Annotated[
        str | None,
        text_parameter("Who did it: an account's id or e-mail.", "01JDG7N0B6Z4T3H9R2M5Q8W1XC"),
    ] = None
    action: Annotated[
        Action | None, choice_parameter("What was done.", Action.ACCOUNT_DEACTIVATED)
    ] = None
    target: Annotated[
        str | None,
        text_parameter("To what it was done.", "account:01JDG7P5F3K8V6S0D4J7Y9A2GE"),
    ] = None
    since: Annotated[
        float | None,
        text_parameter("From this time on.", "2026-11-21T00:00:00Z", instant, format="date-time"),
    ] = None
    until: Annotated[
        float | None,
        text_parameter("Before this time.", "2026-11-22T00:00:00Z", instant, format="date-time"),
    ] = None


RECORD_EXAMPLE: Final = {
    "id": "01JDG7Q4X2ZC8M5W9K3T6V1B0N",
    "at": "2026-11-21T10:00:00.000Z",
    "actor": {
        "id": "account:01JDG7N0B6Z4T3H9R2M5Q8W1XC",
        "account_id": "01JDG7N0B6Z4T3H9R2M5Q8W1XC",
        "address": "203.0.113.7",
        "request_id": "a1b2c3",
    },
    "action": "account.deactivated",
    "target": "account:01JDG7P5F3K8V6S0D4J7Y9A2GE",
    "details": {},
}
audit = Routes("/api/v1/audit", ADMIN, tag=TAG)


@dataclass(frozen=True, slots=True)
class AuditApi:
    """Reads the audit log."""

    list_audit: ListAudit

    @audit.get(example=RECORD_EXAMPLE)
    async def list(self, _ask: Ask, query: AuditQuery) -> Page[AuditView]:
        """
        Read the audit log.

        Who changed what, the newest first.
        """
        wanted = AuditFilter(
            actor_id=query.actor,
            account_id=query.account,
            action=query.action,
            target=query.target,
            since=query.since,
            until=query.until,
        )
        found = await self.list_audit(wanted, before=query.cursor, limit=query.one_more)
        return Page.of(found, query, audit_view, lambda record: record.id)


def audit_view(record: AuditRecord) -> AuditView:
    """Return the record as it is shown."""
    actor = record.actor
    return AuditView(
        id=record.id,
        at=moment(record.at),
        actor=ActorView(actor.id, actor.account_id, actor.address, actor.request_id),
        action=record.action,
        target=record.target,
        details=dict(record.details),
    )
