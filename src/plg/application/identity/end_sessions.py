"""End all sessions of an account."""

from dataclasses import dataclass

from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.access_changes import AccessChange
from plg.application.ports.identity.credential_cache import CredentialCachePort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.errors import NotFound
from plg.domain.ids import new_id

REASON = "sessions_ended"


@dataclass(frozen=True, slots=True)
class EndSessions:
    """Log an account out everywhere, as an admin or the operator does; keys and devices go on."""

    work: UnitOfWorkPort
    remembered: CredentialCachePort
    clock: ClockPort

    async def __call__(self, account_id: str, actor: Actor) -> int:
        """
        Return how many sessions were ended; it is written down even where there was none.

        Raises:
            NotFound: If there is no such account.
        """
        now = self.clock.now()
        async with self.work.change() as work:
            if await work.accounts.get(account_id) is None:
                raise NotFound("There is no account with this id.")
            count = await work.sessions.end_all(account_id, REASON, now)
            await work.access_changes.publish(AccessChange(account_id), now)
            target, details = f"account:{account_id}", {"count": str(count)}
            await work.audit.record(
                AuditRecord(new_id(now), now, actor, Action.SESSIONS_ENDED, target, details)
            )
        self.remembered.forget(account_id)
        return count
