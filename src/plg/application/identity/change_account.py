"""Change what an account may do."""

from dataclasses import dataclass, replace

from plg.application.audited_change import AuditedChange, Change
from plg.application.plans.assign_plan import PlanChange, assign_plan
from plg.domain.audit import Action, Actor
from plg.domain.errors import LastAdmin
from plg.domain.identity.accounts import Account, Role


@dataclass(frozen=True, slots=True)
class AccountPatch:
    """What is to be changed; None where it stays."""

    is_active: bool | None = None
    role: Role | None = None
    plan: PlanChange | None = None


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    """
    Activate, deactivate, give another role or plan, as an admin or the operator does.

    Each but a plan ends every session; a deactivated account's keys and devices are dead at once.
    """

    changes: AuditedChange

    async def __call__(self, account_id: str, wanted: AccountPatch, actor: Actor) -> Account:
        """
        Return the account as it is then.

        Raises:
            NotFound: If there is no such account.
            LastAdmin: If nobody could administrate any more.
            InvalidParameter: If there is no such plan.
        """
        async with self.changes(actor) as change:
            # The admins first: two who race take turns here.
            admins = await change.work.accounts.active_admins()
            account = await change.account(account_id)
            changed = replace(
                account,
                is_active=account.is_active if wanted.is_active is None else wanted.is_active,
                role=wanted.role or account.role,
            )
            if admins == {account_id} and not _administrates(changed):
                raise LastAdmin("Without this account nobody could administrate any more.")
            if changed != account:
                await _write(change, account, changed)
            if wanted.plan is not None:
                await assign_plan(change, account_id, wanted.plan)
        return changed


async def _write(change: Change, before: Account, after: Account) -> None:
    work = change.work
    await work.accounts.replace(after)
    for action, details in _changes(before, after):
        await work.sessions.end_all(after.id, action.value.rpartition(".")[2], change.now)
        await change.record(action, f"account:{after.id}", details)
    if not after.is_active:
        await work.mailed_links.void(after.id)
    await change.outdate(after.id)


def _administrates(account: Account) -> bool:
    return account.is_active and account.role is Role.ADMIN


def _changes(before: Account, after: Account) -> list[tuple[Action, dict[str, str]]]:
    changes: list[tuple[Action, dict[str, str]]] = []
    if before.is_active is not after.is_active:
        is_active = after.is_active
        changes.append((Action.ACCOUNT_ACTIVATED if is_active else Action.ACCOUNT_DEACTIVATED, {}))
    if before.role is not after.role:
        details = {"from": before.role.value, "to": after.role.value}
        changes.append((Action.ACCOUNT_ROLE_CHANGED, details))
    return changes
