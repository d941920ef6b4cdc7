"""End all sessions of an account."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.domain.audit import Action, Actor

REASON = "sessions_ended"


@dataclass(frozen=True, slots=True)
class EndSessions:
    """Log an account out everywhere, as an admin or the operator does; keys and devices go on."""

    changes: AuditedChange

    async def __call__(self, account_id: str, actor: Actor) -> int:
        """
        Return how many sessions were ended; it is written down even where there was none.

        Raises:
            NotFound: If there is no such account.
        """
        async with self.changes(actor) as change:
            await change.account(account_id)
            count = await change.work.sessions.end_all(account_id, REASON, change.now)
            details = {"count": str(count)}
            await change.record(Action.SESSIONS_ENDED, f"account:{account_id}", details)
            await change.outdate(account_id)
        return count
