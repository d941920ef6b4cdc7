"""What a new password entails, whichever way it was set."""

from dataclasses import replace

from plg.application.audited_change import Change
from plg.domain.audit import Action, Actor
from plg.domain.identity.accounts import Account


async def set_password(
    change: Change,
    account: Account,
    password_hash: str,
    action: Action,
    actor: Actor | None = None,
) -> None:
    """Write the hash down, end every session and mailed link, and tell every process."""
    work = change.work
    await work.accounts.replace(replace(account, password_hash=password_hash))
    await work.sessions.end_all(account.id, action.value.rpartition(".")[2], change.now)
    await work.mailed_links.void(account.id)
    await change.record(action, f"account:{account.id}", actor=actor)
    await change.outdate(account.id)
