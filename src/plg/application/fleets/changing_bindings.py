"""What binding and unbinding have in common."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.access_changes import AccessChange
from plg.application.ports.identity.credential_cache import CredentialCachePort
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.errors import NotFound
from plg.domain.ids import new_id


@dataclass(slots=True)
class BindingChange:
    """
    A change under way.

    Attributes:
        is_made: Whether anything changes; otherwise nothing is written down, and nobody told.
    """

    work: Work
    is_made: bool = False


@dataclass(frozen=True, slots=True)
class ChangeBindings:
    """Changes a binding in one transaction, writes it down, and has every process obey."""

    work: UnitOfWorkPort
    remembered: CredentialCachePort
    clock: ClockPort

    @asynccontextmanager
    async def __call__(
        self, account_id: str, code: str | None, action: Action, actor: Actor
    ) -> AsyncIterator[BindingChange]:
        """
        Enter a change of an account, and a fleet if one is named, held until its end.

        Raises:
            NotFound: If one of them does not exist.
        """
        async with self.work.change() as work:
            if await work.accounts.get(account_id) is None:
                raise NotFound("There is no account with this id.")
            if code is not None and await work.fleets.get(code) is None:
                raise NotFound("There is no fleet with this code.")
            change = BindingChange(work)
            yield change
            if change.is_made:
                now, target = self.clock.now(), f"account:{account_id}"
                details = {} if code is None else {"fleet": code}
                await work.audit.record(
                    AuditRecord(new_id(now), now, actor, action, target, details)
                )
                await work.access_changes.publish(AccessChange(account_id), now)
        self.remembered.forget(account_id)
