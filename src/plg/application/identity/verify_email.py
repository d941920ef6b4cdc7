"""Verify an address with a mailed link."""

from dataclasses import dataclass, replace

from plg.application.audited_change import AuditedChange
from plg.application.identity.mailed_links import Links
from plg.application.ports.identity.mailed_links import Purpose
from plg.domain.audit import Action, Actor


@dataclass(frozen=True, slots=True)
class VerifyEmail:
    """Take the link back that was mailed: the address is its reader's."""

    changes: AuditedChange
    links: Links

    async def __call__(self, token: str, actor: Actor) -> None:
        """
        Spend the link.

        Raises:
            InvalidLink: If it was used, has expired, went to another address, or is none of ours.
        """
        async with self.changes(actor) as change:
            work = change.work
            account = await self.links.spend(work, token, Purpose.VERIFY_EMAIL, change.now)
            await work.accounts.replace(replace(account, is_verified=True))
            await change.record(Action.EMAIL_VERIFIED, f"account:{account.id}")
