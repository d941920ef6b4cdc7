"""Register, log in, and one's own password."""

from dataclasses import dataclass
from typing import Annotated, Final

import msgspec

from plg.application.identity.new_account import parse_name
from plg.container.accounts import AccountUseCases
from plg.domain.errors import (
    AccountInactive,
    Busy,
    EmailTaken,
    EmailUnverified,
    InvalidLogin,
    InvalidParameter,
    InvalidRequest,
    NotFound,
    RegistrationClosed,
    TooManyAttempts,
    WeakPassword,
)
from plg.domain.identity.access import Access
from plg.domain.identity.access import Scope as Permission
from plg.domain.identity.accounts import Email
from plg.domain.identity.passwords import check_password
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.identity.accounts import (
    ACCOUNT_EXAMPLE,
    AccountView,
    account_view,
    own_account,
)
from plg.entrypoints.http.api.identity.token_views import TOKENS_EXAMPLE, TokensView, tokens_view
from plg.entrypoints.http.api.texts import EmailText, NewPassword, PersonName
from plg.entrypoints.http.arguments import Ask, Visit, in_body
from plg.entrypoints.http.routes import Anyone, Created, Routes

TAG: Final = "log-in"
OWNER: Final = Access(Permission.ACCOUNT_WRITE, LimitTier.AUTH_TOKEN)
_PASSWORD: Final = "three unrelated words and more"
_OTHER: Final = "other words that are as unrelated"


class RegisterBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new account; the password has 15 to 128 characters."""

    email: EmailText
    password: NewPassword
    name: PersonName | None = None


class LoginBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who logs in; `username` is another name for `email`."""

    password: str
    email: EmailText | None = None
    username: EmailText | None = None


class PasswordBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The caller's password, and the one that takes its place."""

    current_password: str
    password: NewPassword


class ForgotBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose password was forgotten."""

    email: EmailText


@dataclass(frozen=True, slots=True)
class Registration:
    """Who wants an account."""

    email: Email
    password: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Login:
    """Who logs in."""

    email: Email
    password: str


def registration_of(body: RegisterBody) -> Registration:
    """
    Return who wants an account.

    Raises:
        InvalidParameter: If it cannot be one.
        WeakPassword: If the password would be guessed: told before anything is counted.
    """
    email = Email.parse(body.email)
    check_password(body.password, email, parse_name(body.name))
    return Registration(email, body.password, body.name)


def login_of(body: LoginBody) -> Login:
    """
    Return who logs in.

    Raises:
        InvalidParameter: If nobody is named.
        InvalidRequest: If two are.
    """
    named = {name for name in (body.email, body.username) if name is not None}
    if not named:
        raise InvalidParameter("email", "The member email is needed.")
    if len(named) > 1:
        raise InvalidRequest("email and username name different accounts.")
    return Login(Email.named(named.pop()), body.password)


auth = Routes("/api/v1/auth", Anyone(LimitTier.AUTH_TOKEN), tag=TAG)


@dataclass(frozen=True, slots=True)
class AuthApi:
    """Registers, logs in, changes passwords and has links mailed."""

    accounts: AccountUseCases

    @auth.post(
        "/register",
        fails=(RegistrationClosed, WeakPassword, EmailTaken, Busy),
        example=ACCOUNT_EXAMPLE,
        body_example={"email": "ana@example.org", "password": _PASSWORD, "name": "Ana"},
    )
    async def register(
        self, visit: Visit, wanted: Annotated[Registration, in_body(RegisterBody, registration_of)]
    ) -> Created[AccountView]:
        """
        Register an account.

        Makes an account, and mails a link that verifies its address.
        """
        account = await self.accounts.register_account(
            wanted.email, wanted.password, wanted.name, visit.actor
        )
        return Created(account_view(account))

    @auth.post(
        "/login",
        also=("/api/v1/auth/token",),
        fails=(InvalidLogin, AccountInactive, EmailUnverified, TooManyAttempts, Busy),
        example=TOKENS_EXAMPLE,
        body_example={"email": "ana@example.org", "password": _PASSWORD},
    )
    async def login(
        self, visit: Visit, login: Annotated[Login, in_body(LoginBody, login_of)]
    ) -> TokensView:
        """
        Log in.

        Answers tokens of a new session. Whether an address has an account is not told.
        """
        return tokens_view(await self.accounts.log_in(login.email, login.password, visit.actor))

    @auth.post(
        "/password/change",
        access=OWNER,
        fails=(NotFound, WeakPassword, TooManyAttempts, Busy),
        body_example={"current_password": _PASSWORD, "password": _OTHER},
    )
    async def change_password(self, ask: Ask, body: PasswordBody) -> None:
        """
        Change one's password.

        Needs the current one. Every session of the account ends, this one too.
        """
        await self.accounts.change_password(
            own_account(ask.caller), body.current_password, body.password, ask.actor
        )

    @auth.post("/password/forgot", fails=(Busy,), body_example={"email": "ana@example.org"})
    async def forgot_password(
        self,
        visit: Visit,
        email: Annotated[Email, in_body(ForgotBody, lambda body: Email.named(body.email))],
    ) -> None:
        """
        Request a password reset link.

        Mails a link to set a new one, if the address has an account; the answer is the same if it
        has none.
        """
        self.accounts.forgot_password(email, visit.actor)

    @auth.post("/email/resend", access=OWNER, fails=(NotFound, TooManyAttempts))
    async def resend(self, ask: Ask) -> None:
        """
        Verify one's address again.

        Mails a new link to the caller's account, if its address is not verified yet.
        """
        await self.accounts.send_verification(own_account(ask.caller))
