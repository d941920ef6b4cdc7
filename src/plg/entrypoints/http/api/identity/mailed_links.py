"""Where mailed links lead: pages for people, JSON for programs."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final

import msgspec
from starlette.types import Scope

from plg.container.accounts import AccountUseCases
from plg.domain.errors import InvalidParameter, PlgError
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.identity.link_pages import failure_page, page, reset_form, verify_form
from plg.entrypoints.http.api.texts import NewPassword
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.gate.gate import Gate, Public, actor_of
from plg.entrypoints.http.protocol.answers import Answer, empty
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.forms import form_of, is_form
from plg.entrypoints.http.protocol.listing import query_of

TAG: Final = "log-in"
VERIFY_PATH: Final = "/api/v1/auth/email/verify"
RESET_PATH: Final = "/api/v1/auth/password/reset"
_PASSWORD: Final = "three unrelated words and more"
_TOKEN: Final = "Vd3m0aV8N1zq3U0p7mJtW2cH5xR9bK4sL6yG8eF1oQs"


class VerifyEmailBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token of a link that was mailed to verify an address."""

    token: str


class ResetPasswordBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token of a link that was mailed to set a password, and the password."""

    token: str
    password: NewPassword


VERIFY: Final = Operation(
    summary="Verify an address",
    description="Takes the token of a mailed link. A form that a browser sends is answered with a "
    "page.",
    body=VerifyEmailBody,
    body_example={"token": _TOKEN},
    status=204,
    problems=("invalid_link",),
    tag=TAG,
)
RESET: Final = Operation(
    summary="Set a password",
    description="Takes the token of a mailed link. Every session of the account ends, its address "
    "is verified, and failed log-ins are forgotten. A form that a browser sends is answered with "
    "a page.",
    body=ResetPasswordBody,
    body_example={"token": _TOKEN, "password": _PASSWORD},
    status=204,
    problems=("invalid_link", "weak_password", "account_inactive", "busy"),
    tag=TAG,
)
_PARAMETERS: Final = (
    Parameter(
        "token",
        "query",
        "The token in the link.",
        _TOKEN,
        {"type": "string", "minLength": 1},
    ),
)
VERIFY_PAGE: Final = Operation(
    summary="Where a link to verify an address leads",
    description="A page that asks to confirm: a link is not used by looking at it.",
    media_type="text/html",
    parameters=_PARAMETERS,
    problems=("invalid_parameter",),
    tag=TAG,
)
RESET_PAGE: Final = Operation(
    summary="Where a link to set a password leads",
    description="A page that asks for the password.",
    media_type="text/html",
    parameters=_PARAMETERS,
    problems=("invalid_parameter",),
    tag=TAG,
)


def token_of(scope: Scope) -> str:
    """
    Read the token in the link that was followed.

    Raises:
        InvalidParameter: If there is none.
    """
    token = query_of(scope).get("token")
    if not token:
        raise InvalidParameter("token", "The parameter token is needed: the link is incomplete.")
    return token


def verify_body(scope: Scope) -> tuple[VerifyEmailBody, bool]:
    """Read the token, and tell whether a browser's form sent it."""
    if is_form(scope):
        return form_of(scope, VerifyEmailBody), True
    return body_of(scope, VerifyEmailBody), False


def reset_body(scope: Scope) -> tuple[ResetPasswordBody, bool]:
    """Read token and password, and tell whether a browser's form sent them."""
    if is_form(scope):
        return form_of(scope, ResetPasswordBody), True
    return body_of(scope, ResetPasswordBody), False


@dataclass(frozen=True, slots=True)
class MailedLinksApi:
    """Takes mailed links back; looking at one does not use it, as mail scanners do."""

    gate: Gate
    accounts: AccountUseCases

    def endpoints(self) -> list[Endpoint]:
        """Return the routes."""
        gate, tier = self.gate, LimitTier.AUTH_TOKEN
        verify = Public(gate, tier, verify_body, self.verify, reads_body=True)
        reset = Public(gate, tier, reset_body, self.reset, reads_body=True)
        show_verify = Public(gate, tier, token_of, self.show_verify)
        show_reset = Public(gate, tier, token_of, self.show_reset)
        return [
            Endpoint(VERIFY_PATH, show_verify, VERIFY_PAGE),
            Endpoint(VERIFY_PATH, verify, VERIFY, "POST"),
            Endpoint(RESET_PATH, show_reset, RESET_PAGE),
            Endpoint(RESET_PATH, reset, RESET, "POST"),
        ]

    async def show_verify(self, token: str, _context: RequestContext) -> Answer:
        """Ask whether the address is to be verified."""
        return page("Verify your address", verify_form(token))

    async def show_reset(self, token: str, _context: RequestContext) -> Answer:
        """Ask for the password."""
        return page("Set your password", reset_form(token))

    async def verify(self, sent: tuple[VerifyEmailBody, bool], context: RequestContext) -> Answer:
        """Verify the address."""
        body, by_form = sent
        work = self.accounts.verify_email(body.token, actor_of(None, context))
        if by_form:
            return await _page_after(work, "Your address is verified", again="")
        await work
        return empty()

    async def reset(self, sent: tuple[ResetPasswordBody, bool], context: RequestContext) -> Answer:
        """Set the password."""
        body, by_form = sent
        work = self.accounts.reset_password(body.token, body.password, actor_of(None, context))
        if by_form:
            return await _page_after(work, "Your password is set", again=reset_form(body.token))
        await work
        return empty()


async def _page_after(work: Awaitable[None], done: str, *, again: str) -> Answer:
    """Return the page that tells a person what became of it."""
    try:
        await work
    except PlgError as error:
        return failure_page(error, again)
    return page(done, "<p>You may close this page.</p>")
