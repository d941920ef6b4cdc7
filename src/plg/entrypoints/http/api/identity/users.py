"""All accounts, for admins."""

from dataclasses import dataclass, replace
from typing import Final

import msgspec
from starlette.types import Scope

from plg.application.identity.change_account import AccountPatch, ChangeAccount
from plg.application.identity.end_sessions import EndSessions
from plg.application.identity.list_accounts import ListAccounts
from plg.application.identity.show_account import ShowAccount
from plg.application.plans.assign_plan import PlanChange
from plg.application.plans.show_terms import ShowTerms
from plg.domain.errors import InvalidParameter
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.identity.accounts import Account, Role
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.identity.accounts import ACCOUNT_EXAMPLE, AccountView, account_view
from plg.entrypoints.http.api.list_parameters import LIST_PARAMETERS
from plg.entrypoints.http.api.plans.plan_bodies import Count, Effective, PlanCode
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.gate.gate import Gate, Guarded, actor_of
from plg.entrypoints.http.protocol.answers import Answer, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.listing import (
    SEARCH_LENGTH_MAX,
    Page,
    page_answer,
    page_of,
    search_of,
)
from plg.entrypoints.http.protocol.paths import decode_segment

TAG: Final = "administration"
ADMIN: Final = Access(Permission.ADMIN, LimitTier.ADMIN)
LIST_PATH: Final = "/api/v1/users"
PATH: Final = "/api/v1/users/{id}"
SESSIONS_PATH: Final = "/api/v1/users/{id}/end-sessions"


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts are asked for."""

    scope: Scope
    page: Page
    search: str | None


LIST: Final = Operation(
    summary="List accounts",
    description="The oldest first.",
    answer=AccountView,
    is_page=True,
    example={"items": [ACCOUNT_EXAMPLE], "next_cursor": None},
    parameters=(
        Parameter(
            "q",
            "query",
            "Only accounts whose address or name contains this.",
            "ana",
            schema={"type": "string", "maxLength": SEARCH_LENGTH_MAX},
            is_required=False,
        ),
        *LIST_PARAMETERS,
    ),
    problems=("invalid_parameter",),
    tag=TAG,
)
ID: Final = Parameter(
    "id", "path", "The account's id or e-mail address.", str(ACCOUNT_EXAMPLE["id"])
)
SHOW: Final = Operation(
    summary="Show an account",
    description="Any account.",
    answer=UserView,
    example={**ACCOUNT_EXAMPLE, "plan": "basic", "plan_version": 1},
    parameters=(ID,),
    problems=("invalid_parameter", "not_found"),
    tag=TAG,
)
CHANGE: Final = replace(
    SHOW,
    summary="Change what an account may do",
    description="Activates, deactivates, or gives another role; each ends every session of the "
    "account. A deactivated account's keys and devices are dead at once. Or gives another plan, "
    "now or at the period's end; what was planned for that time is dropped.",
    body=AccountPatchBody,
    body_example={"active": True},
    problems=("invalid_parameter", "not_found", "last_admin"),
)
END_SESSIONS: Final = replace(
    SHOW,
    summary="End an account's sessions",
    description="Its access and refresh tokens are dead at once; keys and devices go on. A device "
    "may get new tokens, and whoever knows the password may log in again.",
    answer=EndedView,
    example={"ended": 2},
)


def id_of(scope: Scope) -> str:
    """Read the account's id."""
    return decode_segment(scope["path_params"]["id"], "id")


def change_of(scope: Scope) -> tuple[str, AccountPatch]:
    """Read what is to be changed of which account."""
    body = body_of(scope, AccountPatchBody)
    return id_of(scope), AccountPatch(body.active, body.role, _plan_change(body))


def wanted_of(scope: Scope) -> Wanted:
    """Read which accounts are asked for."""
    return Wanted(scope, page_of(scope), search_of(scope))


@dataclass(frozen=True, slots=True)
class UsersApi:
    """Lists, shows and changes accounts."""

    gate: Gate
    list_accounts: ListAccounts
    show_account: ShowAccount
    change_account: ChangeAccount
    end_sessions: EndSessions
    show_terms: ShowTerms

    def endpoints(self) -> list[Endpoint]:
        """Return the routes."""
        change = Guarded(self.gate, ADMIN, change_of, self.change, reads_body=True)
        end = Guarded(self.gate, ADMIN, id_of, self.end, reads_body=True)
        return [
            Endpoint(LIST_PATH, Guarded(self.gate, ADMIN, wanted_of, self.list), LIST),
            Endpoint(PATH, Guarded(self.gate, ADMIN, id_of, self.show), SHOW),
            Endpoint(PATH, change, CHANGE, "PATCH"),
            Endpoint(SESSIONS_PATH, end, END_SESSIONS, "POST"),
        ]

    async def list(self, wanted: Wanted, _caller: Caller, _context: RequestContext) -> Answer:
        """Answer a page of accounts."""
        page = wanted.page
        accounts = await self.list_accounts(
            after=page.after, limit=page.limit + 1, search=wanted.search
        )
        views = [account_view(account) for account in accounts]
        return page_answer(wanted.scope, page, views, [account.id for account in accounts])

    async def show(self, account_id: str, _caller: Caller, _context: RequestContext) -> Answer:
        """Answer an account."""
        return await self._answer(await self.show_account(account_id))

    async def change(
        self, query: tuple[str, AccountPatch], caller: Caller, context: RequestContext
    ) -> Answer:
        """Change an account, and answer what it is then."""
        account_id, standing = query
        actor = actor_of(caller, context)
        return await self._answer(await self.change_account(account_id, standing, actor))

    async def end(self, account_id: str, caller: Caller, context: RequestContext) -> Answer:
        """End an account's sessions."""
        actor = actor_of(caller, context)
        return json_answer(EndedView(await self.end_sessions(account_id, actor)))

    async def _answer(self, account: Account) -> Answer:
        plan = (await self.show_terms(account.id)).plan
        members = msgspec.structs.asdict(account_view(account))
        return json_answer(UserView(**members, plan=plan.code, plan_version=plan.version))


def _plan_change(body: AccountPatchBody) -> PlanChange | None:
    if body.plan is not None:
        is_later = body.plan_effective is Effective.PERIOD_END
        return PlanChange(body.plan, body.plan_version, is_later)
    if body.plan_version is not None:
        raise InvalidParameter("plan", "plan is needed with plan_version.")
    return None
