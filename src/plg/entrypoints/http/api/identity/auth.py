"""Register, log in, and one's own password."""

from dataclasses import dataclass
from typing import Final

import msgspec
from starlette.types import Scope

from plg.application.identity.change_password import ChangePassword
from plg.application.identity.forgot_password import ForgotPassword
from plg.application.identity.log_in import LogIn
from plg.application.identity.new_account import parse_name
from plg.application.identity.register_account import RegisterAccount
from plg.application.identity.send_verification import SendVerification
from plg.domain.errors import InvalidParameter, InvalidRequest
from plg.domain.identity.access import Access, Caller
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
from plg.entrypoints.http.endpoints import Endpoint, Operation
from plg.entrypoints.http.gate.gate import Gate, Guarded, Public, actor_of
from plg.entrypoints.http.protocol.answers import Answer, empty, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext

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


REGISTER: Final = Operation(
    summary="Register an account",
    description="Makes an account, and mails a link that verifies its address.",
    answer=AccountView,
    example=ACCOUNT_EXAMPLE,
    body=RegisterBody,
    body_example={"email": "ana@example.org", "password": _PASSWORD, "name": "Ana"},
    status=201,
    problems=("registration_closed", "weak_password", "email_taken", "busy"),
    tag=TAG,
)
LOG_IN: Final = Operation(
    summary="Log in",
    description="Answers tokens of a new session. Whether an address has an account is not told.",
    answer=TokensView,
    example=TOKENS_EXAMPLE,
    body=LoginBody,
    body_example={"email": "ana@example.org", "password": _PASSWORD},
    problems=(
        "invalid_login",
        "account_inactive",
        "email_unverified",
        "too_many_attempts",
        "busy",
    ),
    tag=TAG,
)
CHANGE: Final = Operation(
    summary="Change one's password",
    description="Needs the current one. Every session of the account ends, this one too.",
    body=PasswordBody,
    body_example={"current_password": _PASSWORD, "password": _OTHER},
    status=204,
    problems=("not_found", "weak_password", "too_many_attempts", "busy"),
    tag=TAG,
)
FORGOT: Final = Operation(
    summary="Request a password reset link",
    description="Mails a link to set a new one, if the address has an account; the answer is the "
    "same if it has none.",
    body=ForgotBody,
    body_example={"email": "ana@example.org"},
    status=204,
    problems=("busy",),
    tag=TAG,
)
RESEND: Final = Operation(
    summary="Verify one's address again",
    description="Mails a new link to the caller's account, if its address is not verified yet.",
    status=204,
    problems=("not_found", "too_many_attempts"),
    tag=TAG,
)


def register_body(scope: Scope) -> tuple[Email, RegisterBody]:
    """
    Read a new account.

    Raises:
        InvalidParameter: If it cannot be one.
        WeakPassword: If the password would be guessed: told before anything is counted.
    """
    body = body_of(scope, RegisterBody)
    email = Email.parse(body.email)
    check_password(body.password, email, parse_name(body.name))
    return email, body


def login_body(scope: Scope) -> tuple[Email, str]:
    """
    Read who logs in.

    Raises:
        InvalidParameter: If nobody is named.
        InvalidRequest: If two are.
    """
    body = body_of(scope, LoginBody)
    named = {name for name in (body.email, body.username) if name is not None}
    if not named:
        raise InvalidParameter("email", "The member email is needed.")
    if len(named) > 1:
        raise InvalidRequest("email and username name different accounts.")
    return Email.named(named.pop()), body.password


@dataclass(frozen=True, slots=True)
class AuthApi:
    """Registers, logs in, changes passwords and has links mailed."""

    gate: Gate
    register_account: RegisterAccount
    log_in: LogIn
    change_password: ChangePassword
    forgot_password: ForgotPassword
    send_verification: SendVerification

    def endpoints(self) -> list[Endpoint]:
        """Return the routes."""
        gate, tier = self.gate, LimitTier.AUTH_TOKEN
        register = Public(gate, tier, register_body, self.register, reads_body=True)
        login = Public(gate, tier, login_body, self.login, reads_body=True)
        change = Guarded(
            gate, OWNER, lambda scope: body_of(scope, PasswordBody), self.change, reads_body=True
        )
        forgot = Public(
            gate,
            tier,
            lambda scope: Email.named(body_of(scope, ForgotBody).email),
            self.forgot,
            reads_body=True,
        )
        resend = Guarded(gate, OWNER, lambda _: None, self.resend, reads_body=True)
        return [
            Endpoint("/api/v1/auth/register", register, REGISTER, "POST"),
            Endpoint("/api/v1/auth/login", login, LOG_IN, "POST"),
            Endpoint("/api/v1/auth/token", login, LOG_IN, "POST"),
            Endpoint("/api/v1/auth/password/change", change, CHANGE, "POST"),
            Endpoint("/api/v1/auth/password/forgot", forgot, FORGOT, "POST"),
            Endpoint("/api/v1/auth/email/resend", resend, RESEND, "POST"),
        ]

    async def register(self, query: tuple[Email, RegisterBody], context: RequestContext) -> Answer:
        """Make an account."""
        email, body = query
        account = await self.register_account(
            email, body.password, body.name, actor_of(None, context)
        )
        return json_answer(account_view(account), status=201)

    async def login(self, query: tuple[Email, str], context: RequestContext) -> Answer:
        """Begin a session."""
        email, password = query
        return json_answer(tokens_view(await self.log_in(email, password, actor_of(None, context))))

    async def change(self, body: PasswordBody, caller: Caller, context: RequestContext) -> Answer:
        """Set another password."""
        await self.change_password(
            own_account(caller), body.current_password, body.password, actor_of(caller, context)
        )
        return empty()

    async def forgot(self, email: Email, context: RequestContext) -> Answer:
        """Have a link mailed."""
        self.forgot_password(email, actor_of(None, context))
        return empty()

    async def resend(self, _query: None, caller: Caller, _context: RequestContext) -> Answer:
        """Have a link mailed again."""
        await self.send_verification(own_account(caller))
        return empty()
