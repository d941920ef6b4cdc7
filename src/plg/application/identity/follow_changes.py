"""What identity needs while nobody looks."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from plg.application.identity.credential_cache import CredentialCache
from plg.application.identity.key_uses import KeyUses
from plg.application.identity.prune_access import PruneAccess
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.access_changes import AccessChange, AccessChangeFeedPort
from plg.application.ports.observer import ObserverPort
from plg.application.shielded import shielded
from plg.domain.errors import PlgError

POLL_SECONDS: Final = 1.0
TRUST_SECONDS: Final = 60.0
"""How long a process that cannot read of changes goes on with what it remembers."""
UPKEEP_SECONDS: Final = 60.0
TIER: Final = "access"


@dataclass(frozen=True, slots=True)
class FollowAccessChanges:
    """
    Obeys other processes' changes of credentials within two seconds.

    A process that could not read of them for a minute trusts its memory no more; when it can
    again it begins anew, as it may have missed some.

    Attributes:
        load_keys: Reads the keys that sign access tokens, which are everybody's.
    """

    changes: AccessChangeFeedPort
    memory: CredentialCache
    load_keys: Callable[[], Coroutine[Any, Any, None]]
    clock: ClockPort
    observer: ObserverPort

    async def __call__(self) -> None:
        """Obey what was changed since the last time."""
        now = self.clock.now()
        try:
            changes = await shielded(self.changes.poll())
            if not self.memory.is_trusted(now):
                changes = [AccessChange(None)]
            for change in changes:
                self.memory.forget(change.account_id)
            if any(change.account_id is None for change in changes):
                self.memory.trust_until(now)  # should the keys not be read, all is done again
                await shielded(self.load_keys())
            self.memory.trust_until(now + TRUST_SECONDS, now)
        except PlgError as error:
            self.observer.cache_failed(TIER, error)


@dataclass(frozen=True, slots=True)
class AccessMaintenance:
    """Goes on obeying; writes last uses down and removes what is not needed, once a minute."""

    obey: FollowAccessChanges
    key_uses: KeyUses
    prune: PruneAccess
    observer: ObserverPort
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    async def run(self) -> None:
        """Go on until cancelled, and then write down what waits."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._repeat(self.obey, POLL_SECONDS))
                group.create_task(self._repeat(self.keep_up, UPKEEP_SECONDS))
        finally:
            await self._try(self.key_uses.write)

    async def keep_up(self) -> None:
        """Write down and remove what is due; one that fails does not keep the other from it."""
        await self._try(self.key_uses.write)
        await self._try(self.prune)

    async def _try(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except PlgError as error:
            self.observer.cache_failed(TIER, error)

    async def _repeat(self, work: Callable[[], Awaitable[None]], seconds: float) -> NoReturn:
        while True:
            await work()
            await self.sleep(seconds)
