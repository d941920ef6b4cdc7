"""Everything that accounts stand on, in memory."""

import re
from dataclasses import replace
from typing import Final

from plg.application.audited_change import AuditedChange
from plg.application.identity.attempts import Attempts
from plg.application.identity.background_tasks import BackgroundTasks
from plg.application.identity.change_account import ChangeAccount
from plg.application.identity.change_password import ChangePassword
from plg.application.identity.confirm_password import ConfirmPassword
from plg.application.identity.create_account import CreateAccount
from plg.application.identity.forgot_password import ForgotPassword
from plg.application.identity.list_accounts import ListAccounts
from plg.application.identity.list_audit import ListAudit
from plg.application.identity.log_in import LogIn
from plg.application.identity.mailed_links import Links
from plg.application.identity.open_session import OpenSession
from plg.application.identity.register_account import RegisterAccount
from plg.application.identity.reset_password import ResetPassword
from plg.application.identity.send_verification import SendVerification
from plg.application.identity.show_account import ShowAccount
from plg.application.identity.token_maker import TokenMaker
from plg.application.identity.update_profile import UpdateProfile
from plg.application.identity.verify_email import VerifyEmail
from plg.application.ports.identity.access_tokens import AccessTokensPort, Claims
from plg.application.ports.notices.mail import Mail
from plg.domain.audit import OPERATOR, Actor
from plg.domain.identity.accounts import Account, Email, Role
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.sessions import Session, TokenLife, Tokens
from plg.domain.identity.signing_keys import SigningKey
from tests.fakes.clock import StoppedClock
from tests.fakes.mail import KeptMail
from tests.fakes.observer import RecordingObserver
from tests.fakes.passwords import PlainHasher
from tests.fakes.remembered import NotedForgetting
from tests.fakes.work import MemoryWork

BASE_URL: Final = "https://plg.example"
ANA: Final = Email("ana@example.org")
BEN: Final = Email("ben@example.org")
NOBODY: Final = Email("nobody@example.org")
PASSWORD: Final = "grumpy teapot sails north"
OTHER: Final = "seven violet otters whistle"
HOME: Final = Actor("anonymous", None, "203.0.113.7", "r-1")
ELSEWHERE: Final = Actor("anonymous", None, "198.51.100.9", "r-2")


class NamedTokens(AccessTokensPort):
    """Tokens that say who they are of."""

    def use(self, keys: list[SigningKey]) -> None:  # noqa: ARG002 - the port's
        raise AssertionError("there are no keys here")

    def sign(self, claims: Claims) -> str:
        return f"access of {claims.subject}"

    def read(self, token: str, now: float) -> Claims | None:  # noqa: ARG002 - the port's
        raise AssertionError("nobody reads them here")

    def key_set(self) -> bytes:
        return b"{}"

    def new_key(self, now: float) -> SigningKey:  # noqa: ARG002 - the port's
        raise AssertionError("there are no keys here")

    def resealed(self, key: SigningKey) -> SigningKey:
        return key


class World:
    """The use cases of accounts over one memory."""

    def __init__(self) -> None:
        self.work = MemoryWork()
        self.clock = StoppedClock()
        self.hasher = PlainHasher()
        self.mail = KeptMail()
        self.remembered = NotedForgetting()
        self.observer = RecordingObserver()
        self.behind = BackgroundTasks(self.observer)
        self.keyring = Keyring("a secret of the tests")
        self.links = Links(self.keyring, BASE_URL)
        work, clock, hasher, mail = self.work, self.clock, self.hasher, self.mail
        self.changes = changes = AuditedChange(work, self.remembered, clock)
        self.show_account = ShowAccount(work)
        self.list_accounts = ListAccounts(work)
        self.list_audit = ListAudit(work)
        confirm = ConfirmPassword(work, hasher, clock)
        self.register = RegisterAccount(changes, hasher, self.links, mail, is_open=True)
        self.create = CreateAccount(changes, hasher, self.links)
        maker = TokenMaker(NamedTokens(), self.keyring, TokenLife(900, 86400))
        attempts = Attempts(work, self.keyring, clock)
        self.log_in = LogIn(changes, attempts, hasher, OpenSession(maker, clock))
        self.change_password = ChangePassword(changes, self.show_account, confirm, hasher, mail)
        self.forgot = ForgotPassword(changes, self.links, mail, self.behind)
        self.reset = ResetPassword(changes, self.links, hasher, mail)
        self.send_verification = SendVerification(work, self.links, mail, clock)
        self.verify = VerifyEmail(changes, self.links)
        self.update = UpdateProfile(changes, self.show_account, confirm, self.links, mail)
        self.change = ChangeAccount(changes)

    async def account(
        self,
        email: Email = ANA,
        *,
        role: Role = Role.USER,
        password: str | None = PASSWORD,
        is_verified: bool = True,
    ) -> Account:
        """Make an account, as the operator does."""
        made = (await self.create(email, None, role, password, OPERATOR)).account
        if not is_verified:
            await self.put(replace(made, is_verified=False))
        return self.held(made)

    async def put(self, account: Account) -> None:
        async with self.work.change() as work:
            await work.accounts.replace(account)

    def held(self, account: Account) -> Account:
        """Return the account as it is now."""
        return self.work.tables.accounts[account.id]

    async def enter(self, email: Email = ANA, password: str = PASSWORD) -> Tokens:
        return await self.log_in(email, password, HOME)

    @property
    def sessions(self) -> list[Session]:
        return list(self.work.tables.sessions.values())

    async def letter(self, email: Email = ANA) -> Mail | None:
        """Say that the password was forgotten; return what is mailed because of it."""
        count = len(self.mail.sent)
        self.forgot(email, HOME)
        await self.behind.drain()
        return self.mail.sent[-1] if len(self.mail.sent) > count else None

    async def reset_token(self, email: Email = ANA) -> str:
        return token_in(await self.letter(email))


def token_in(mail: Mail | None) -> str:
    """Return the token of the link in a letter."""
    assert mail is not None
    found = re.search(rf"{BASE_URL}/\S*\?token=(\S+)", mail.text)
    assert found is not None
    return found[1]
