"""Credentials of every kind, made through use cases in a data folder that tests copy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from plg.application.devices.register_device import Registered
from plg.application.identity.change_account import AccountPatch
from plg.domain.audit import OPERATOR
from plg.domain.identity.access import Caller, Scope, Scopes
from plg.domain.identity.accounts import USER_SCOPES, Role
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.identity.api_key_format import new_secret
from plg.domain.identity.networks import parse_network
from plg.domain.identity.sessions import Tokens
from plg.domain.limits.rates import Rate
from tests.integration.http.devices_world import device_of
from tests.integration.http.fleets_world import bound, imported
from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import account_in, key_in

WIDE: Final[Mapping[str, str]] = {
    f"RATE_LIMIT_{tier}": "100000000/minute"
    for tier in (
        "BURST",
        "SUSTAINED",
        "AUTH_TOKEN",
        "DATA_MODIFICATION",
        "CONTENT_LISTING",
        "SEARCH",
        "ADMIN",
    )
} | {"ACCESS_TOKEN_EXPIRE_MINUTES": "1440"}
"""Settings under which nobody is ever too fast."""

READ: Final = frozenset({Scope.PLAYERS_READ})
SLOW: Final = Rate(6, 60)
HERE, ELSEWHERE = "127.0.0.0/31", "192.0.2.0/24"
"""Networks: of who asks in a test, and of somebody else. 127.0.0.2 is in neither."""


@dataclass(slots=True)
class Vault:
    """
    What was made.

    Attributes:
        texts: Credentials by name, as clients send them.
        ids: What there is to be changed: an account, a key, and the names that callers have.
        device: One that lives, with its secret.
    """

    texts: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    device: Registered | None = None
    gone_device: Registered | None = None

    def __getitem__(self, name: str) -> str:
        return self.texts[name]

    @property
    def living_device(self) -> Registered:
        assert self.device is not None
        return self.device

    @property
    def revoked_device(self) -> Registered:
        assert self.gone_device is not None
        return self.gone_device


async def furnish(gateway: Gateway) -> Vault:
    """Make all of it in the gateway's databases."""
    vault = Vault()
    user = await account_in(gateway, "user")
    admin = await account_in(gateway, "admin", Role.ADMIN)
    vault.ids = {"user": user.account_id or "", "admin": admin.account_id or ""}
    await _keys(gateway, vault, user)
    every = await key_in(gateway, admin, KeyChange("every scope", frozenset(Scope), None))
    vault.texts["admin key"] = every.secret.reveal()
    await _tokens(gateway, vault, user, admin)
    await _devices(gateway, vault, user)
    await _leaver(gateway, vault)
    await _driver(gateway, vault)
    vault.texts["unknown key"] = new_secret().reveal()
    live = vault["live key"]
    vault.texts["key with a wrong checksum"] = live[:-1] + ("0" if live[-1] != "0" else "1")
    return vault


async def session(
    gateway: Gateway, account_id: str, scopes: Scopes, device: Registered | None = None
) -> Tokens:
    """Begin a session, as a log-in does."""
    held = None if device is None else device.device
    async with gateway.container.access.work().change() as work:
        account = await work.accounts.get(account_id)
        assert account is not None
        opened: Tokens = await gateway.container.access.open_session()(
            work, account, scopes, device=held
        )
    return opened


async def _keys(gateway: Gateway, vault: Vault, user: Caller) -> None:
    keys = gateway.container.keys()

    async def issue(name: str, wanted: KeyChange) -> str:
        issued = await key_in(gateway, user, wanted)
        vault.texts[name] = issued.secret.reveal()
        vault.ids[name] = issued.key.id
        return issued.key.id

    await issue("live key", KeyChange("live", USER_SCOPES, None))
    await issue("reader key", KeyChange("reader", READ, None))
    await issue("vehicles key", KeyChange("vehicles", frozenset({Scope.VEHICLES_READ}), None))
    await issue("slow key", KeyChange("slow", READ, None, burst=SLOW))
    await issue("key from here", KeyChange("here", READ, None, (parse_network(HERE),)))
    await issue(
        "key from elsewhere", KeyChange("elsewhere", USER_SCOPES, None, (parse_network(ELSEWHERE),))
    )
    await issue("disabled key", KeyChange("disabled", USER_SCOPES, None, is_enabled=False))
    gateway.clock.advance(-10)
    await issue("expired key", KeyChange("expired", USER_SCOPES, gateway.clock.now() + 5))
    gateway.clock.advance(10)
    revoked = await issue("revoked key", KeyChange("revoked", USER_SCOPES, None))
    await keys.revoke(revoked, None, user, OPERATOR)
    old = await issue("old secret", KeyChange("regenerated", READ, None))
    newer = await keys.regenerate(old, user, OPERATOR, grace_seconds=86400)
    vault.texts["new secret"] = newer.secret.reveal()
    dropped = await issue("replaced secret", KeyChange("replaced", USER_SCOPES, None))
    await keys.regenerate(dropped, user, OPERATOR, grace_seconds=0)


async def _tokens(gateway: Gateway, vault: Vault, user: Caller, admin: Caller) -> None:
    for name, caller in (("user", user), ("admin", admin), ("ended", user)):
        opened = await session(gateway, caller.account_id or "", caller.scopes)
        vault.texts[f"{name} token"] = opened.access_token
        vault.texts[f"{name} refresh token"] = opened.refresh_token
    await gateway.container.access.end_session()(user, vault["ended refresh token"], OPERATOR)


async def _devices(gateway: Gateway, vault: Vault, user: Caller) -> None:
    owner = user.account_id or ""
    vault.device = await device_of(gateway, "till-0001", owner)
    vault.gone_device = await device_of(gateway, "till-0002", owner)
    for name, device in (("device", vault.device), ("revoked device", vault.gone_device)):
        opened = await session(gateway, owner, device.device.scopes, device)
        vault.texts[f"{name} token"] = opened.access_token
    await gateway.container.devices().revoke(owner, "till-0002", OPERATOR)


async def _driver(gateway: Gateway, vault: Vault) -> None:
    """Make an account that is bound to a fleet of one vehicle."""
    driver = await account_in(gateway, "driver")
    issued = await key_in(gateway, driver, KeyChange("of a driver", USER_SCOPES, None))
    vault.texts["bound key"] = issued.secret.reveal()
    vault.ids["driver"] = driver.account_id or ""
    await imported(gateway)
    await bound(gateway, driver.account_id)


async def _leaver(gateway: Gateway, vault: Vault) -> None:
    """Make an account with credentials, and deactivate it."""
    leaver = await account_in(gateway, "leaver")
    issued = await key_in(gateway, leaver, KeyChange("of a leaver", USER_SCOPES, None))
    opened = await session(gateway, leaver.account_id or "", leaver.scopes)
    vault.texts["key of a deactivated account"] = issued.secret.reveal()
    vault.texts["token of a deactivated account"] = opened.access_token
    change = gateway.container.accounts().change_account
    await change(leaver.account_id or "", AccountPatch(is_active=False), OPERATOR)
