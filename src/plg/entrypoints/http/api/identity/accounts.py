"""Accounts in JSON, and the caller's own one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from starlette.types import Scope

from plg.application.identity.show_account import ShowAccount
from plg.application.identity.update_profile import Profile, UpdateProfile
from plg.domain.errors import NotFound
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.identity.accounts import Account, Email, Role
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.texts import EmailText, PersonName
from plg.entrypoints.http.endpoints import Endpoint, Operation
from plg.entrypoints.http.gate.gate import Gate, Guarded, actor_of
from plg.entrypoints.http.protocol.answers import Answer, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.moments import moment

TAG: Final = "accounts"
PATH: Final = "/api/v1/me"


class AccountView(msgspec.Struct, frozen=True):
    """An account, without what it logs in with."""

    id: str
    email: str
    name: str | None
    role: Role
    is_active: bool
    is_verified: bool
    created_at: datetime
    last_login_at: datetime | None


class ProfileBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    What is to be changed of the caller's account; null or left out where it stays.

    An empty `name` takes the name away. Another `email` needs `current_password`, and is
    unverified until the link that is mailed to it comes back.
    """

    name: PersonName | None = None
    email: EmailText | None = None
    current_password: str | None = None


ACCOUNT_EXAMPLE: Final = {
    "id": "01JDG7Q4X2ZC8M5W9K3T6V1B0N",
    "email": "ana@example.org",
    "name": "Ana",
    "role": "user",
    "is_active": True,
    "is_verified": False,
    "created_at": "2026-11-21T10:00:00.000Z",
    "last_login_at": None,
}
SHOW: Final = Operation(
    summary="Show the caller's own account",
    description="The account whose credential was sent.",
    answer=AccountView,
    example=ACCOUNT_EXAMPLE,
    problems=("not_found",),
    tag=TAG,
)
UPDATE: Final = Operation(
    summary="Change the caller's own account",
    description="Changes the name; or the address, which needs the current password.",
    answer=AccountView,
    example={**ACCOUNT_EXAMPLE, "name": "Ana Lopez"},
    body=ProfileBody,
    body_example={"name": "Ana Lopez"},
    problems=("not_found", "email_taken", "too_many_attempts", "busy"),
    tag=TAG,
)


def account_view(account: Account) -> AccountView:
    return AccountView(
        id=account.id,
        email=account.email.address,
        name=account.name,
        role=account.role,
        is_active=account.is_active,
        is_verified=account.is_verified,
        created_at=moment(account.created_at),
        last_login_at=moment(account.last_login_at),
    )


def own_account(caller: Caller) -> str:
    """
    Return the id of the caller's account.

    Raises:
        NotFound: If the credential is nobody's.
    """
    if caller.account_id is None:
        raise NotFound("The credential belongs to no account.")
    return caller.account_id


def profile_of(scope: Scope) -> Profile:
    """Read what is to be changed."""
    body = body_of(scope, ProfileBody)
    email = None if body.email is None else Email.parse(body.email)
    return Profile(body.name, email, body.current_password)


@dataclass(frozen=True, slots=True)
class MeApi:
    """Shows and changes the caller's own account."""

    gate: Gate
    show_account: ShowAccount
    update_profile: UpdateProfile

    def endpoints(self) -> list[Endpoint]:
        """Return the routes of the caller's own account."""
        look = Access(Permission.ACCOUNT_READ)
        change = Access(Permission.ACCOUNT_WRITE, LimitTier.DATA_MODIFICATION)
        show = Guarded(self.gate, look, lambda _: None, self.show)
        update = Guarded(self.gate, change, profile_of, self.update, reads_body=True)
        return [Endpoint(PATH, show, SHOW), Endpoint(PATH, update, UPDATE, "PATCH")]

    async def show(self, _query: None, caller: Caller, _context: RequestContext) -> Answer:
        """Answer the caller's account."""
        return json_answer(account_view(await self.show_account(own_account(caller))))

    async def update(self, profile: Profile, caller: Caller, context: RequestContext) -> Answer:
        """Change it, and answer what it is then."""
        actor = actor_of(caller, context)
        return json_answer(
            account_view(await self.update_profile(own_account(caller), profile, actor))
        )
