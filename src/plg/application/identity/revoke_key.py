"""End a key."""

from dataclasses import dataclass, replace
from typing import Final

from plg.application.audited_change import AuditedChange
from plg.application.identity.changing_keys import own_key, write
from plg.domain.audit import Action, Actor
from plg.domain.identity.access import Caller

NO_REASON: Final = "revoked by its owner"


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """End a key of the caller's account once and for all; what it was stays to be seen."""

    changes: AuditedChange

    async def __call__(self, key_id: str, reason: str | None, caller: Caller, actor: Actor) -> None:
        """
        Return when nobody here can use it; other processes follow within five seconds.

        One that was revoked stays as it is.

        Raises:
            NotFound: If there is none, or it is another account's.
        """
        async with self.changes(actor) as change:
            key = await own_key(change.work, key_id, caller)
            if not key.is_revoked:
                why = reason or NO_REASON
                revoked = replace(key, revoked_at=change.now, revoked_reason=why)
                await write(change, revoked, Action.KEY_REVOKED, {"reason": why})
