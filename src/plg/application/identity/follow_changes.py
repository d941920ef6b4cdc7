"""Follow other processes' changes of credentials."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from plg.application.background import Job, every
from plg.application.identity.credential_cache import CredentialCache
from plg.application.identity.key_uses import KeyUses
from plg.application.identity.prune_access import PruneAccess
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.access_changes import AccessChange, AccessChangeFeedPort
from plg.application.shielded import shielded

POLL_SECONDS: Final = 1.0
TRUST_SECONDS: Final = 60.0
"""How long a process that cannot read of changes keeps using what it remembers."""
UPKEEP_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class FollowAccessChanges:
    """
    Follows other processes' changes of credentials within two seconds.

    A process that could not read of them for a minute trusts its memory no more; when it can
    again it begins anew, as it may have missed some.

    Attributes:
        load_keys: Reads the keys that sign access tokens, which are everybody's.
    """

    changes: AccessChangeFeedPort
    memory: CredentialCache
    load_keys: Callable[[], Coroutine[Any, Any, None]]
    clock: ClockPort

    async def __call__(self) -> None:
        """
        Follow what was changed since the last time.

        Raises:
            PlgError: If it cannot be read; then the next call reads it.
        """
        now = self.clock.now()
        changes = await shielded(self.changes.poll())
        if not self.memory.is_trusted(now):
            changes = [AccessChange(None)]
        for change in changes:
            self.memory.forget(change.account_id)
        if any(change.account_id is None for change in changes):
            self.memory.trust_until(now)  # should the keys not be read, all is done again
            await shielded(self.load_keys())
        self.memory.trust_until(now + TRUST_SECONDS, now)


def access_jobs(
    follow: FollowAccessChanges, key_uses: KeyUses, prune: PruneAccess
) -> tuple[Job, ...]:
    """Return what identity needs again and again; last uses are written at the end, too."""
    return (
        # It reads the signing keys, too.
        Job("follow_access_changes", follow, every(POLL_SECONDS), is_needed_at_start=True),
        Job("write_key_uses", key_uses.write, every(UPKEEP_SECONDS), is_done_at_end=True),
        Job("prune_access", prune, every(UPKEEP_SECONDS)),
    )
