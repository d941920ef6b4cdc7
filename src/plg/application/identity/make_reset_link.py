"""Make a link that sets a new password, for the operator to hand over."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.identity.mailed_links import RESET_SECONDS, Links
from plg.application.ports.identity.mailed_links import Purpose
from plg.domain.audit import Action, Actor
from plg.domain.errors import AccountInactive


@dataclass(frozen=True, slots=True)
class ResetLink:
    """A link that works once; anybody who has it can set the password."""

    url: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class MakeResetLink:
    """Make what is mailed otherwise, where there is no mail; links before it are void."""

    changes: AuditedChange
    links: Links

    async def __call__(self, account_id: str, actor: Actor) -> ResetLink:
        """
        Return the link.

        Raises:
            NotFound: If there is no such account.
            AccountInactive: If it was deactivated, and the link would do nothing.
        """
        async with self.changes(actor) as change:
            account, expires_at = await change.account(account_id), change.now + RESET_SECONDS
            if not account.is_active:
                raise AccountInactive("The account is deactivated: activate it first.")
            token = await self.links.issue(change.work, account, Purpose.RESET_PASSWORD, expires_at)
            await change.record(Action.RESET_LINK_MADE, f"account:{account_id}")
        return ResetLink(self.links.url(Purpose.RESET_PASSWORD, token), expires_at)
