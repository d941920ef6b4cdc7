"""The end of a family of refresh tokens."""

from plg.application.ports.identity.access_changes import AccessChange
from plg.application.ports.work import Work
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.identity.sessions import Session
from plg.domain.ids import new_id


async def end_family(
    work: Work, session: Session, action: Action, actor: Actor, now: float
) -> None:
    """End the session, write it down and tell all processes; nothing happens if it has ended."""
    reason = action.value.rpartition(".")[2]
    if not await work.sessions.end(session.id, reason, now):
        return
    details = {"account_id": session.account_id}
    target = f"session:{session.id}"
    await work.audit.record(AuditRecord(new_id(now), now, actor, action, target, details))
    await work.access_changes.publish(AccessChange(session.account_id), now)
