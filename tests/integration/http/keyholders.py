"""Accounts and their keys, in a gateway that a test has opened."""

from dataclasses import dataclass

import httpx

from plg.application.identity.issue_key import IssuedKey
from plg.domain.audit import OPERATOR
from plg.domain.identity.access import Caller, Scope
from plg.domain.identity.accounts import Account, Email, Role
from plg.domain.identity.api_key_changes import KeyChange
from tests.integration.http.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Holder:
    """An account, and a key of it that may do all that the account may."""

    caller: Caller
    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"X-API-Key": self.key}


async def account_in(gateway: Gateway, name: str, role: Role = Role.USER) -> Caller:
    """Add an account, and return the caller that a log-in of it would be."""
    account = Account(
        f"01ACCOUNT{name.upper():0>17}",
        Email(f"{name}@example.org"),
        name,
        role,
        is_active=True,
        is_verified=True,
        created_at=gateway.clock.now(),
    )
    async with gateway.container.access.work().change() as work:
        await work.accounts.add(account)
    return Caller(f"account:{account.id}", role.scopes, account_id=account.id)


async def key_in(gateway: Gateway, caller: Caller, wanted: KeyChange | None = None) -> IssuedKey:
    """Make a key for an account."""
    issued: IssuedKey = await gateway.container.keys().issue(
        wanted or KeyChange("a key"), caller, OPERATOR
    )
    return issued


async def holder_in(gateway: Gateway, name: str, role: Role = Role.USER) -> Holder:
    """Add an account with a key that may do all that the account may."""
    caller = await account_in(gateway, name, role)
    issued = await key_in(gateway, caller, KeyChange("all", frozenset(role.scopes), None))
    return Holder(caller, issued.secret.reveal())


async def ask(
    gateway: Gateway, key: str, target: str = "/api/v1/players/KB-000001", peer: str = "127.0.0.1"
) -> httpx.Response:
    """Send a GET with a key, from an address."""
    async with gateway.client(peer=peer, headers={"X-API-Key": key}) as client:
        return await client.get(target)


READER = KeyChange("reader", frozenset({Scope.PLAYERS_READ}), None)
