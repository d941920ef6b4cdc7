"""Accounts in JSON, and the caller's own one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from plg.application.identity.update_profile import Profile
from plg.container.accounts import AccountUseCases
from plg.domain.errors import Busy, EmailTaken, NotFound, TooManyAttempts
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.identity.accounts import Account, Email, Role
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.texts import EmailText, PersonName
from plg.entrypoints.http.arguments import Ask
from plg.entrypoints.http.protocol.moments import moment
from plg.entrypoints.http.routes import Routes

READING: Final = Access(Permission.ACCOUNT_READ)
WRITING: Final = Access(Permission.ACCOUNT_WRITE, LimitTier.DATA_MODIFICATION)
me = Routes("/api/v1/me", READING, tag="accounts", fails=(NotFound,))


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


def profile_of(body: ProfileBody) -> Profile:
    """Return what is to be changed."""
    email = None if body.email is None else Email.parse(body.email)
    return Profile(body.name, email, body.current_password)


@dataclass(frozen=True, slots=True)
class MeApi:
    """Shows and changes the caller's own account."""

    accounts: AccountUseCases

    @me.get(example=ACCOUNT_EXAMPLE)
    async def show(self, ask: Ask) -> AccountView:
        """
        Show the caller's own account.

        The account whose credential was sent.
        """
        return account_view(await self.accounts.show_account(own_account(ask.caller)))

    @me.patch(
        access=WRITING,
        fails=(EmailTaken, TooManyAttempts, Busy),
        example={**ACCOUNT_EXAMPLE, "name": "Ana Lopez"},
        body_example={"name": "Ana Lopez"},
    )
    async def update(self, ask: Ask, body: ProfileBody) -> AccountView:
        """
        Change the caller's own account.

        Changes the name; or the address, which needs the current password.
        """
        profile, account_id = profile_of(body), own_account(ask.caller)
        return account_view(await self.accounts.update_profile(account_id, profile, ask.actor))
