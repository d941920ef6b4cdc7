"""The audit log, for admins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from starlette.types import Scope

from plg.application.identity.list_audit import ListAudit
from plg.application.ports.identity.audit import AuditFilter
from plg.domain.audit import Action, AuditRecord
from plg.domain.errors import InvalidParameter
from plg.domain.identity.access import Caller
from plg.entrypoints.http.api.identity.users import ADMIN, TAG
from plg.entrypoints.http.api.list_parameters import LIST_PARAMETERS
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.gate.gate import Gate, Guarded
from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.listing import Page, page_answer, page_of, query_of
from plg.entrypoints.http.protocol.moments import instant, moment

PATH: Final = "/api/v1/audit"


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are asked for."""

    scope: Scope
    page: Page
    filter: AuditFilter


def _parameter(name: str, description: str, example: str, **schema: object) -> Parameter:
    text = {"type": "string", **schema}
    return Parameter(name, "query", description, example, text, is_required=False)


LIST: Final = Operation(
    summary="Read the audit log",
    description="Who changed what, the newest first.",
    answer=AuditView,
    is_page=True,
    example={
        "items": [
            {
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
        ],
        "next_cursor": None,
    },
    parameters=(
        _parameter("actor", "Who did it.", "operator"),
        _parameter(
            "account",
            "Who did it: an account's id or e-mail.",
            "01JDG7N0B6Z4T3H9R2M5Q8W1XC",
        ),
        _parameter(
            "action", "What was done.", "account.deactivated", enum=[each.value for each in Action]
        ),
        _parameter("target", "To what it was done.", "account:01JDG7P5F3K8V6S0D4J7Y9A2GE"),
        _parameter("since", "From this time on.", "2026-11-21T00:00:00Z", format="date-time"),
        _parameter("until", "Before this time.", "2026-11-22T00:00:00Z", format="date-time"),
        *LIST_PARAMETERS,
    ),
    problems=("invalid_parameter",),
    tag=TAG,
)


def audit_view(record: AuditRecord) -> AuditView:
    actor = record.actor
    return AuditView(
        id=record.id,
        at=moment(record.at),
        actor=ActorView(actor.id, actor.account_id, actor.address, actor.request_id),
        action=record.action,
        target=record.target,
        details=dict(record.details),
    )


def wanted_of(scope: Scope) -> Wanted:
    """Read which records are asked for."""
    query = query_of(scope)
    since, until = query.get("since"), query.get("until")
    wanted = AuditFilter(
        actor_id=query.get("actor"),
        account_id=query.get("account"),
        action=_action(query.get("action")),
        target=query.get("target"),
        since=None if since is None else instant(since, "since"),
        until=None if until is None else instant(until, "until"),
    )
    return Wanted(scope, page_of(scope), wanted)


@dataclass(frozen=True, slots=True)
class AuditApi:
    """Reads the audit log."""

    gate: Gate
    list_audit: ListAudit

    def endpoints(self) -> list[Endpoint]:
        """Return the route."""
        return [Endpoint(PATH, Guarded(self.gate, ADMIN, wanted_of, self.list), LIST)]

    async def list(self, wanted: Wanted, _caller: Caller, _context: RequestContext) -> Answer:
        """Answer a page of records."""
        page = wanted.page
        records = await self.list_audit(wanted.filter, before=page.after, limit=page.limit + 1)
        views = [audit_view(record) for record in records]
        return page_answer(wanted.scope, page, views, [record.id for record in records])


def _action(text: str | None) -> Action | None:
    if text is None:
        return None
    try:
        return Action(text)
    except ValueError:
        raise InvalidParameter("action", "action must be one that the log knows.") from None
