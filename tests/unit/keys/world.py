"""Two accounts, their keys, and everything that changes them."""

from dataclasses import dataclass, field

from plg.application.audited_change import AuditedChange
from plg.application.identity.change_key import ChangeKey
from plg.application.identity.issue_key import IssuedKey, IssueKey
from plg.application.identity.list_keys import ListKeys, ShowKey
from plg.application.identity.regenerate_key import RegenerateKey
from plg.application.identity.revoke_key import RevokeKey
from plg.application.identity.revoke_leaked_key import RevokeLeakedKey
from plg.application.identity.verify_key import Verified, VerifyKey
from plg.application.plans.tariffs import TariffOf
from plg.domain.audit import Actor
from plg.domain.identity.access import Caller
from plg.domain.identity.accounts import USER_SCOPES, Account, Email, Role
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.identity.api_keys import ApiKey
from plg.domain.identity.keyring import Keyring
from plg.domain.limits.rates import Rate, Rates
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.remembered import NotedForgetting
from tests.fakes.work import MemoryWork

DAY = 86400.0
ACTOR = Actor("account:ana", "ana", "192.0.2.1", "r-1")
ANA = Caller("account:ana", USER_SCOPES, account_id="ana")
BEN = Caller("account:ben", USER_SCOPES, account_id="ben")
CEILING = Rates(Rate(60, 60), Rate(1000, 3600))
ANYWHERE = "192.0.2.1"


def account_of(name: str, role: Role = Role.USER) -> Account:
    return Account(
        name, Email(f"{name}@example.org"), None, role, is_active=True, is_verified=True,
        created_at=NOON,
    )  # fmt: skip


@dataclass
class World:
    work: MemoryWork = field(default_factory=MemoryWork)
    clock: StoppedClock = field(default_factory=StoppedClock)
    keyring: Keyring = field(default_factory=lambda: Keyring("a secret of the operator"))
    remembered: NotedForgetting = field(default_factory=NotedForgetting)
    tariff_of: TariffOf = field(default_factory=lambda: TariffOf("basic"))

    def __post_init__(self) -> None:
        for name in ("ana", "ben"):
            self.work.tables.accounts[name] = account_of(name)

    @property
    def changes(self) -> AuditedChange:
        return AuditedChange(self.work, self.remembered, self.clock)

    @property
    def issue(self) -> IssueKey:
        return IssueKey(self.changes, self.keyring, CEILING)

    @property
    def change(self) -> ChangeKey:
        return ChangeKey(self.changes, CEILING)

    @property
    def regenerate(self) -> RegenerateKey:
        return RegenerateKey(self.changes, self.keyring)

    @property
    def revoke(self) -> RevokeKey:
        return RevokeKey(self.changes)

    @property
    def revoke_leaked(self) -> RevokeLeakedKey:
        return RevokeLeakedKey(self.changes, self.keyring)

    @property
    def show(self) -> ShowKey:
        return ShowKey(self.work)

    @property
    def list(self) -> ListKeys:
        return ListKeys(self.work)

    @property
    def verify(self) -> VerifyKey:
        return VerifyKey(self.work, self.keyring, self.clock, self.tariff_of)

    async def issued(self, wanted: KeyChange | None = None, caller: Caller = ANA) -> IssuedKey:
        return await self.issue(wanted or KeyChange(name="ci"), caller, ACTOR)

    async def verified(self, issued: IssuedKey, address: str | None = ANYWHERE) -> Verified:
        return await self.verify(issued.secret.text, address)

    def key(self, key_id: str) -> ApiKey:
        return self.work.tables.api_keys[key_id]
