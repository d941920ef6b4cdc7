"""End a key."""

from dataclasses import dataclass, replace
from typing import Final

from plg.application.identity.changing_keys import own_key, publish, record, write
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.credential_cache import CredentialCachePort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import Action, Actor
from plg.domain.identity.access import Caller

NO_REASON: Final = "revoked by its owner"


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """End a key of the caller's account once and for all; what it was stays to be seen."""

    work: UnitOfWorkPort
    remembered: CredentialCachePort
    clock: ClockPort

    async def __call__(self, key_id: str, reason: str | None, caller: Caller, actor: Actor) -> None:
        """
        Return when nobody here can use it; other processes follow within five seconds.

        One that was revoked stays as it is.

        Raises:
            NotFound: If there is none, or it is another account's.
        """
        now = self.clock.now()
        async with self.work.change() as work:
            key = await own_key(work, key_id, caller)
            if not key.is_revoked:
                why = reason or NO_REASON
                await write(work, replace(key, revoked_at=now, revoked_reason=why), now)
                await record(work, Action.KEY_REVOKED, key, now, actor, {"reason": why})
                await publish(work, key, now)
        self.remembered.forget(key.account_id)
