"""What every change of an account's terms has in common."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.access_changes import AccessChange
from plg.application.ports.identity.credential_cache import CredentialCachePort
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.errors import NotFound
from plg.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class Changing:
    """A change under way: what it sees, and what is written down of it."""

    work: Work
    now: float
    details: dict[str, str] = field(default_factory=dict)

    def note(self, details: Mapping[str, str]) -> None:
        """Have this written down."""
        self.details.update(details)


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """Changes terms in one transaction, writes it down, and has every process obey."""

    work: UnitOfWorkPort
    remembered: CredentialCachePort
    clock: ClockPort

    @asynccontextmanager
    async def __call__(
        self, account_id: str, action: Action, actor: Actor
    ) -> AsyncIterator[Changing]:
        """
        Enter a change of an account's terms; nobody else changes them until its end.

        Raises:
            NotFound: If there is no such account.
        """
        async with self.work.change() as work:
            if await work.accounts.get(account_id) is None:
                raise NotFound("There is no account with this id.")
            changing = Changing(work, self.clock.now())
            yield changing
            now, target = changing.now, f"account:{account_id}"
            await work.audit.record(
                AuditRecord(new_id(now), now, actor, action, target, changing.details)
            )
            await work.access_changes.publish(AccessChange(account_id), now)
        self.remembered.forget(account_id)
