"""What a new password entails, whichever way it was set."""

from dataclasses import replace

from plg.application.ports.identity.access_changes import AccessChange
from plg.application.ports.work import Work
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.identity.accounts import Account
from plg.domain.ids import new_id


async def set_password(
    work: Work, account: Account, password_hash: str, action: Action, actor: Actor, now: float
) -> None:
    """Write the hash down, end every session and mailed link, and tell every process."""
    await work.accounts.replace(replace(account, password_hash=password_hash))
    await work.sessions.end_all(account.id, action.value.rpartition(".")[2], now)
    await work.mailed_links.void(account.id)
    await work.access_changes.publish(AccessChange(account.id), now)
    target = f"account:{account.id}"
    await work.audit.record(AuditRecord(new_id(now), now, actor, action, target))
