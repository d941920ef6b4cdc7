"""All accounts, for admins."""

from dataclasses import dataclass
from typing import Annotated, Final

import msgspec

from plg.application.identity.change_account import AccountPatch
from plg.application.plans.assign_plan import PlanChange
from plg.application.plans.show_terms import ShowTerms
from plg.container.accounts import AccountUseCases
from plg.domain.errors import InvalidParameter, LastAdmin, NotFound
from plg.domain.identity.access import Access
from plg.domain.identity.access import Scope as Permission
from plg.domain.identity.accounts import Account, Role
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.identity.accounts import ACCOUNT_EXAMPLE, AccountView, account_view
from plg.entrypoints.http.api.plans.plan_bodies import Count, Effective, PlanCode
from plg.entrypoints.http.arguments import Ask, in_path
from plg.entrypoints.http.queries import ListQuery, search_parameter
from plg.entrypoints.http.routes import Page, Routes

TAG: Final = "administration"
ADMIN: Final = Access(Permission.ADMIN, LimitTier.ADMIN)


class AccountPatchBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    What is to be changed of an account; null or left out where it stays.

    A `plan` takes effect now, or with the next billing period. With `plan_version` the account
    stays on that version, otherwise it follows the plan's versions.
    """

    active: bool | None = None
    role: Role | None = None
    plan: PlanCode | None = None
    plan_version: Count | None = None
    plan_effective: Effective = Effective.NOW


class UserView(AccountView, frozen=True, kw_only=True):
    """An account, with the version of the plan that it has now."""

    plan: str
    plan_version: int


class EndedView(msgspec.Struct, frozen=True):
    """How many sessions were ended."""

    ended: int


class AccountsQuery(ListQuery, frozen=True, kw_only=True):
    """Which accounts are asked for."""

    q: Annotated[
        str | None,
        search_parameter("Only accounts whose address or name contains this.", "ana"),
    ] = None


AccountId = Annotated[
    str, in_path("id", "The account's id or e-mail address.", str(ACCOUNT_EXAMPLE["id"]))
]
USER_EXAMPLE: Final = {**ACCOUNT_EXAMPLE, "plan": "basic", "plan_version": 1}
users = Routes("/api/v1/users", ADMIN, tag=TAG)


@dataclass(frozen=True, slots=True)
class UsersApi:
    """Lists, shows and changes accounts."""

    accounts: AccountUseCases
    show_terms: ShowTerms

    @users.get(example=ACCOUNT_EXAMPLE)
    async def list(self, _ask: Ask, query: AccountsQuery) -> Page[AccountView]:
        """
        List accounts.

        The oldest first.
        """
        found = await self.accounts.list_accounts(
            after=query.cursor, limit=query.one_more, search=query.q
        )
        return Page.of(found, query, account_view, lambda account: account.id)

    @users.get("/{id}", fails=(NotFound,), example=USER_EXAMPLE)
    async def show(self, _ask: Ask, account_id: AccountId) -> UserView:
        """
        Show an account.

        Any account.
        """
        return await self._view(await self.accounts.show_account(account_id))

    @users.patch(
        "/{id}",
        fails=(NotFound, LastAdmin),
        example=USER_EXAMPLE,
        body_example={"active": True},
    )
    async def change(self, ask: Ask, account_id: AccountId, body: AccountPatchBody) -> UserView:
        """
        Change what an account may do.

        Activates, deactivates, or gives another role; each ends every session of the account. A
        deactivated account's keys and devices are dead at once. Or gives another plan, now or at
        the period's end; what was planned for that time is dropped.
        """
        patch = AccountPatch(body.active, body.role, _plan_change(body))
        return await self._view(await self.accounts.change_account(account_id, patch, ask.actor))

    @users.post("/{id}/end-sessions", fails=(NotFound,), example={"ended": 2})
    async def end_sessions(self, ask: Ask, account_id: AccountId) -> EndedView:
        """
        End an account's sessions.

        Its access and refresh tokens are dead at once; keys and devices go on. A device may get
        new tokens, and whoever knows the password may log in again.
        """
        return EndedView(await self.accounts.end_sessions(account_id, ask.actor))

    async def _view(self, account: Account) -> UserView:
        plan = (await self.show_terms(account.id)).plan
        members = msgspec.structs.asdict(account_view(account))
        return UserView(**members, plan=plan.code, plan_version=plan.version)


def _plan_change(body: AccountPatchBody) -> PlanChange | None:
    if body.plan is not None:
        is_later = body.plan_effective is Effective.PERIOD_END
        return PlanChange(body.plan, body.plan_version, is_later)
    if body.plan_version is not None:
        raise InvalidParameter("plan", "plan is needed with plan_version.")
    return None
