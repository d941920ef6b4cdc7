"""Make a link that sets a new password, for the operator to hand over."""

from dataclasses import dataclass

from plg.application.identity.mailed_links import RESET_SECONDS, Links
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.mailed_links import Purpose
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.errors import AccountInactive, NotFound
from plg.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class ResetLink:
    """A link that works once; whoever has it sets the password."""

    url: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class MakeResetLink:
    """Make what is mailed otherwise, where there is no mail; links before it are void."""

    work: UnitOfWorkPort
    links: Links
    clock: ClockPort

    async def __call__(self, account_id: str, actor: Actor) -> ResetLink:
        """
        Return the link.

        Raises:
            NotFound: If there is no such account.
            AccountInactive: If it was deactivated, and the link would do nothing.
        """
        now = self.clock.now()
        expires_at = now + RESET_SECONDS
        async with self.work.change() as work:
            account = await work.accounts.get(account_id)
            if account is None:
                raise NotFound("There is no account with this id.")
            if not account.is_active:
                raise AccountInactive("The account is deactivated: activate it first.")
            token = await self.links.issue(work, account, Purpose.RESET_PASSWORD, expires_at)
            target = f"account:{account_id}"
            await work.audit.record(
                AuditRecord(new_id(now), now, actor, Action.RESET_LINK_MADE, target)
            )
        return ResetLink(self.links.url(Purpose.RESET_PASSWORD, token), expires_at)
