"""A change of the durable database, written down with who made it, that every process follows."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.access_changes import AccessChange
from plg.application.ports.identity.credential_cache import CredentialCachePort
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.errors import NotFound
from plg.domain.identity.accounts import Account
from plg.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class Change:
    """
    A change under way.

    Attributes:
        work: What its transaction sees.
        actor: Who makes it.
        now: When, in seconds since the epoch.
        outdated: Accounts of which no process may remember anything; None for all.
    """

    work: Work
    actor: Actor
    now: float
    outdated: list[str | None] = field(default_factory=list)

    async def account(self, account_id: str) -> Account:
        """
        Return an account, which nobody else changes until the end.

        Raises:
            NotFound: If there is none.
        """
        account = await self.work.accounts.get(account_id)
        if account is None:
            raise NotFound("There is no account with this id.")
        return account

    async def record(
        self,
        action: Action,
        target: str,
        details: Mapping[str, str] | None = None,
        *,
        actor: Actor | None = None,
    ) -> None:
        """Write down what was done; by `actor`, where that became known on the way."""
        await self.work.audit.record(
            AuditRecord(
                new_id(self.now), self.now, actor or self.actor, action, target, details or {}
            )
        )

    async def outdate(self, account_id: str | None) -> None:
        """Have every process read anew what it remembers of an account; None for all."""
        await self.work.access_changes.publish(AccessChange(account_id), self.now)
        self.outdated.append(account_id)


@dataclass(frozen=True, slots=True)
class AuditedChange:
    """
    Makes changes in one transaction with their audit records.

    What the change makes outdated is forgotten here once it is committed; other processes read of
    it in the same transaction.
    """

    work: UnitOfWorkPort
    remembered: CredentialCachePort
    clock: ClockPort

    @asynccontextmanager
    async def __call__(self, actor: Actor) -> AsyncIterator[Change]:
        """
        Enter a change.

        Raises:
            StorageUnavailable: If the database fails; then nothing changed.
        """
        async with self.work.change() as work:
            change = Change(work, actor, self.clock.now())
            yield change
        for account_id in change.outdated:
            self.remembered.forget(account_id)

    def look(self) -> AbstractAsyncContextManager[Work]:
        """Only read."""
        return self.work.look()
