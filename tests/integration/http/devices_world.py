"""Accounts and devices of a gateway, made through its use cases."""

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from plg.application.devices.register_device import NewDevice, Registered
from plg.domain.audit import OPERATOR
from plg.domain.devices.devices import key_of_secret
from plg.domain.devices.proofs import proof_hash
from plg.domain.identity.access import Scopes
from plg.domain.identity.accounts import USER_SCOPES, Account, Email, Role
from plg.domain.identity.sessions import Tokens
from tests.fakes.signing import signed_headers
from tests.integration.http.gateway import ANA_PATH, Gateway

TOKEN_PATH = "/api/v1/auth/get-token"
TILL = "till-0001"
NONCE = "0123456789abcdef"
WIDE = {
    "RATE_LIMIT_AUTH_TOKEN": "1000/minute",
    "RATE_LIMIT_BURST": "1000/minute",
    "PUBLIC_BASE_URL": "http://gateway.test",
}


async def account_of(gateway: Gateway, account_id: str = "A1") -> Account:
    """Return an account, which is made the first time."""
    made = Account(
        account_id,
        Email(f"{account_id.lower()}@example.org"),
        None,
        Role.USER,
        is_active=True,
        is_verified=True,
        created_at=gateway.clock.now(),
    )
    async with gateway.container.access.work().change() as work:
        held: Account | None = await work.accounts.get(account_id)
        if held is None:
            await work.accounts.add(made)
    return held or made


async def login(
    gateway: Gateway, account_id: str = "A1", scopes: Scopes = USER_SCOPES
) -> dict[str, str]:
    """Return the header of somebody who is logged in."""
    account = await account_of(gateway, account_id)
    async with gateway.container.access.work().change() as work:
        tokens: Tokens = await gateway.container.access.open_session()(work, account, scopes)
    return {"Authorization": f"Bearer {tokens.access_token}"}


async def device_of(
    gateway: Gateway, device_id: str = TILL, account_id: str = "A1", scopes: Scopes = USER_SCOPES
) -> Registered:
    await account_of(gateway, account_id)
    draft = NewDevice.parse(device_id)
    register = gateway.container.devices().register
    made: Registered = await register(draft, account_id, scopes, OPERATOR)
    return made


def proof_of(
    gateway: Gateway, made: Registered, *, nonce: str = NONCE, off: int = 0
) -> dict[str, Any]:
    timestamp = int(gateway.clock.now()) + off
    made_hash = proof_hash(key_of_secret(made.secret), made.device.id, timestamp, nonce)
    return {"timestamp": timestamp, "nonce": nonce, "hmac_hash": made_hash}


def claim_of(
    gateway: Gateway, made: Registered, *, nonce: str = NONCE, off: int = 0
) -> dict[str, Any]:
    """Return the body with which a device asks for tokens."""
    return {"device_id": made.device.id, **proof_of(gateway, made, nonce=nonce, off=off)}


def signature_of(
    gateway: Gateway,
    made: Registered,
    method: str = "GET",
    target: str = ANA_PATH,
    body: bytes = b"",
) -> Mapping[str, str]:
    """Return the header fields of a request that the device signs."""
    url = gateway.settings.server.public_base_url + target
    assert urlsplit(url).netloc
    now = gateway.clock.now()
    return signed_headers(method, url, made.device.id, made.secret, now=now, body=body)


async def send(
    gateway: Gateway,
    method: str,
    target: str,
    headers: Mapping[str, str] | None = None,
    **more: Any,  # noqa: ANN401 - as httpx takes it
) -> httpx.Response:
    async with gateway.client(headers=headers or {}) as client:
        return await client.request(method, target, **more)


async def lose(gateway: Gateway, table: str) -> None:
    """Make the database fail wherever it needs the table."""
    path = gateway.settings.storage.data_dir / "db.sqlite3"
    await asyncio.to_thread(_rename, path, table)  # what holds the file now goes on meanwhile


def _rename(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO lost_{table}")
