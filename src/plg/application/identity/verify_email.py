"""Verify an address with a mailed link."""

from dataclasses import dataclass, replace

from plg.application.identity.mailed_links import Links
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.mailed_links import Purpose
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class VerifyEmail:
    """Take the link back that was mailed: the address is its reader's."""

    work: UnitOfWorkPort
    links: Links
    clock: ClockPort

    async def __call__(self, token: str, actor: Actor) -> None:
        """
        Spend the link.

        Raises:
            InvalidLink: If it was used, has expired, went to another address, or is none of ours.
        """
        now = self.clock.now()
        async with self.work.change() as work:
            account = await self.links.spend(work, token, Purpose.VERIFY_EMAIL, now)
            await work.accounts.replace(replace(account, is_verified=True))
            target = f"account:{account.id}"
            await work.audit.record(
                AuditRecord(new_id(now), now, actor, Action.EMAIL_VERIFIED, target)
            )
