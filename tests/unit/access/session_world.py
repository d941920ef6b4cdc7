"""An account with sessions, and the use cases that they know."""

from dataclasses import replace

from plg.application.audited_change import AuditedChange
from plg.application.identity.end_session import EndSession
from plg.application.identity.open_session import OpenSession
from plg.application.identity.refresh_session import RefreshSession
from plg.application.identity.signing_keys import LoadSigningKeys
from plg.application.identity.token_maker import TokenMaker
from plg.application.identity.verify_access_token import VerifyAccessToken
from plg.application.identity.verify_token import VerifyToken
from plg.application.plans.tariffs import TariffOf
from plg.domain.audit import Actor
from plg.domain.devices.devices import Device
from plg.domain.identity.access import DATA_SCOPES, Scopes
from plg.domain.identity.accounts import USER_SCOPES, Account, Email, Role
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.sessions import Session, TokenLife, Tokens
from plg.domain.ids import new_id
from tests.fakes.access_tokens import PlainAccessTokens
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.remembered import NotedForgetting
from tests.fakes.work import MemoryWork

ACCESS_SECONDS = 900
REFRESH_SECONDS = 604_800
LIFE = TokenLife(ACCESS_SECONDS, REFRESH_SECONDS)
SECRET = "the secret of this installation"
ACTOR = Actor("anonymous", None, "192.0.2.1", "request-1")
ANA = Account(
    id=new_id(NOON),
    email=Email("ana@example.org"),
    name="Ana",
    role=Role.USER,
    is_active=True,
    is_verified=True,
    created_at=NOON,
)
SCANNER = Device("scanner-1", ANA.id, None, None, DATA_SCOPES, "sealed", NOON)


class SessionWorld:
    """Everything around sessions, with memory behind it; `world.under(...)` changes the secret."""

    def __init__(self, keyring: Keyring | None = None) -> None:
        self.clock = StoppedClock()
        self.work = MemoryWork()
        self.remembered = NotedForgetting()
        self.access_tokens = PlainAccessTokens()
        self.access_tokens.use([replace(self.access_tokens.new_key(NOON), active_at=NOON)])
        self.under(keyring or Keyring(SECRET))

    def under(self, keyring: Keyring) -> None:
        self.keyring = keyring
        self.maker = TokenMaker(self.access_tokens, keyring, LIFE)
        self.open = OpenSession(self.maker, self.clock)
        changes = AuditedChange(self.work, self.remembered, self.clock)
        self.refresh = RefreshSession(changes, self.maker)
        self.end = EndSession(changes, keyring)
        load = LoadSigningKeys(self.work, self.access_tokens)
        self.verify = VerifyAccessToken(
            self.work, self.access_tokens, load, self.clock, TariffOf("basic")
        )
        self.look_at = VerifyToken(self.verify, self.work, keyring, self.clock)

    async def add(self, account: Account = ANA, device: Device | None = None) -> None:
        async with self.work.change() as work:
            await work.accounts.add(account)
            if device is not None:
                await work.devices.add(device)

    async def log_in(
        self, account: Account = ANA, scopes: Scopes = USER_SCOPES, device: Device | None = None
    ) -> Tokens:
        async with self.work.change() as work:
            return await self.open(work, account, scopes, device=device)

    async def change_account(self, account: Account) -> None:
        async with self.work.change() as work:
            await work.accounts.replace(account)

    async def change_device(self, device: Device) -> None:
        async with self.work.change() as work:
            await work.devices.replace(device)

    def session(self) -> Session:
        """Return the session, where there is one."""
        (session,) = self.work.tables.sessions.values()
        return session

    def session_of(self, tokens: Tokens) -> Session:
        return self.work.tables.sessions[tokens.refresh_token.split("_")[2]]
