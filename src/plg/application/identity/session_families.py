"""The end of a family of refresh tokens."""

from plg.application.audited_change import Change
from plg.domain.audit import Action
from plg.domain.identity.sessions import Session


async def end_family(change: Change, session: Session, action: Action) -> None:
    """End the session, write it down and tell all processes; nothing happens if it has ended."""
    reason = action.value.rpartition(".")[2]
    if await change.work.sessions.end(session.id, reason, change.now):
        details = {"account_id": session.account_id}
        await change.record(action, f"session:{session.id}", details)
        await change.outdate(session.account_id)
