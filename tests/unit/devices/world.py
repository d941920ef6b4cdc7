"""Two accounts, their devices, and everything that devices may do, in memory."""

from dataclasses import replace
from typing import cast
from urllib.parse import urlsplit

from plg.application.audited_change import AuditedChange
from plg.application.devices.change_device import ChangeDevice
from plg.application.devices.find_device import FindDevice
from plg.application.devices.get_token import GetToken
from plg.application.devices.list_devices import ListDevices
from plg.application.devices.register_device import NewDevice, RegisterDevice, Registered
from plg.application.devices.revoke_device import RevokeDevice
from plg.application.identity.device_secrets import DeviceSecrets
from plg.application.identity.open_session import OpenSession
from plg.application.identity.token_maker import TokenMaker
from plg.application.identity.verify_signature import VerifySignature
from plg.application.plans.tariffs import TariffOf
from plg.application.ports.identity.access_tokens import AccessTokensPort, Claims
from plg.domain.audit import Actor
from plg.domain.devices.devices import Device, key_of_secret
from plg.domain.devices.proofs import DeviceProof, proof_hash
from plg.domain.devices.signatures import SignedMessage
from plg.domain.identity.access import Caller, Scope, Scopes
from plg.domain.identity.accounts import USER_SCOPES, Account, Email, Role
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.sessions import TokenLife
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.remembered import NotedForgetting
from tests.fakes.sealing import OpenSeal
from tests.fakes.signing import Outgoing, sign
from tests.fakes.work import MemoryWork

ANA = Account("A1", Email("ana@example.org"), None, Role.USER, True, True, NOON)
BEA = Account("A2", Email("bea@example.org"), None, Role.USER, True, True, NOON)
ACTOR = Actor("key:K1", "A1", "192.0.2.1", "r1")
ANYBODY = Actor("anonymous", None, "192.0.2.9", "r2")
TILL = "till-0001"
AUTHORITY = "gateway.example"
NONCE = "0123456789abcdef"


class PlainSigner:
    """Signs with nothing."""

    def sign(self, claims: Claims) -> str:
        return f"{claims.subject} {claims.session_id} {' '.join(sorted(claims.scopes))}"


class World:
    def __init__(self) -> None:
        self.work = MemoryWork()
        self.clock = StoppedClock()
        self.seal = OpenSeal()
        self.secrets = DeviceSecrets(self.seal)
        self.remembered = NotedForgetting()
        maker = TokenMaker(
            cast("AccessTokensPort", PlainSigner()), Keyring("s" * 32), TokenLife(900, 3600)
        )
        changes = AuditedChange(self.work, self.remembered, self.clock)
        self.register = RegisterDevice(changes, self.secrets)
        self.find = FindDevice(self.work)
        self.list = ListDevices(self.work)
        self.change = ChangeDevice(changes)
        self.revoke = RevokeDevice(changes)
        self.get_token = GetToken(changes, self.secrets, OpenSession(maker, self.clock))
        self.verify_signature = VerifySignature(
            self.work, self.secrets, self.clock, AUTHORITY, TariffOf("basic")
        )

    async def verify(self, message: SignedMessage) -> Caller:
        """Take a signed request as the gate does; return whose it is."""
        signed = await self.verify_signature(message)
        await self.verify_signature.spend(signed)
        return signed.caller

    async def begin(self) -> None:
        async with self.work.change() as work:
            await work.accounts.add(ANA)
            await work.accounts.add(BEA)

    async def registered(
        self,
        device_id: str = TILL,
        *,
        account: Account = ANA,
        maker: Scopes = USER_SCOPES,
        proof: DeviceProof | None = None,
        name: str | None = None,
        platform: str | None = None,
    ) -> Registered:
        draft = NewDevice.parse(device_id, name, platform, proof)
        return await self.register(draft, account.id, maker, ACTOR)

    async def store(self, account: Account) -> None:
        async with self.work.change() as work:
            await work.accounts.replace(account)

    async def deactivate(self, account: Account = ANA) -> None:
        await self.store(replace(account, is_active=False))

    async def device(self, device_id: str = TILL) -> Device:
        return self.work.tables.devices[device_id]

    def proof(
        self, secret: str, device_id: str = TILL, *, nonce: str = NONCE, off: int = 0
    ) -> DeviceProof:
        timestamp = int(self.clock.now()) + off
        made = proof_hash(key_of_secret(secret), device_id, timestamp, nonce)
        return DeviceProof(timestamp, nonce, made)

    def signed(
        self,
        secret: str,
        device_id: str = TILL,
        *,
        nonce: str = NONCE,
        body: bytes = b"",
        authority: str = AUTHORITY,
    ) -> SignedMessage:
        method = "POST" if body else "GET"
        sent = Outgoing(method, f"http://{authority}/api/?killer_bi_id=1", body=body)
        sign(sent, device_id, secret, now=self.clock.now(), nonce=nonce)
        parts = urlsplit(sent.url)
        fields = {name.lower(): value for name, value in sent.headers.items()}
        return SignedMessage(sent.method, parts.path, parts.query, fields, body)


READ: Scopes = frozenset({Scope.PLAYERS_READ})
