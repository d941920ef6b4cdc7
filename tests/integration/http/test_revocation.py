"""What is revoked is refused: here at once, elsewhere with the next look, and never from memory."""

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from plg.application.identity.change_account import AccountPatch
from plg.application.identity.follow_changes import TRUST_SECONDS
from plg.domain.audit import OPERATOR
from plg.domain.errors import StorageUnavailable
from plg.domain.identity.access import Caller, Scope
from plg.domain.identity.accounts import USER_SCOPES
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.identity.networks import parse_network
from plg.domain.records.players import KillerBiId
from tests.integration.http.gateway import ANA_PATH, Gateway, open_gateway
from tests.integration.http.listening import Listener, listen
from tests.integration.http.vault import ELSEWHERE, WIDE, Vault
from tests.integration.http.wire import Peer, request

Act = Callable[[Gateway, Vault], Awaitable[object]]
FEED: Final = ("access_changes", "api_key_secrets", "sessions")


@dataclass(frozen=True, slots=True)
class Case:
    """
    Something that ends a credential.

    Attributes:
        name: The credential's, in the vault.
        status: What it is told from then on.
    """

    name: str
    act: Act
    status: int = 401


def owner(vault: Vault) -> Caller:
    return Caller(f"account:{vault.ids['user']}", USER_SCOPES, account_id=vault.ids["user"])


async def revoke_key(gateway: Gateway, vault: Vault) -> None:
    use = gateway.container.keys().revoke
    await use(vault.ids["live key"], None, owner(vault), OPERATOR)


async def report_leak(gateway: Gateway, vault: Vault) -> None:
    await gateway.container.keys().revoke_leaked(vault["live key"], OPERATOR)


async def regenerate(gateway: Gateway, vault: Vault) -> None:
    use = gateway.container.keys().regenerate
    await use(vault.ids["live key"], owner(vault), OPERATOR, grace_seconds=0)


def change_key(wanted: KeyChange) -> Act:
    async def change(gateway: Gateway, vault: Vault) -> None:
        use = gateway.container.keys().change
        await use(vault.ids["live key"], wanted, owner(vault), OPERATOR)

    return change


async def log_out(gateway: Gateway, vault: Vault) -> None:
    use = gateway.container.access.end_session()
    await use(owner(vault), vault["user refresh token"], OPERATOR)


async def reuse_refresh_token(gateway: Gateway, vault: Vault) -> None:
    """Use a refresh token twice, long after it was spent."""
    use = gateway.container.access.refresh_session()
    await use(vault["user refresh token"], OPERATOR)
    gateway.clock.advance(11)
    with pytest.raises(Exception, match="refresh token"):
        await use(vault["user refresh token"], OPERATOR)


async def revoke_device(gateway: Gateway, vault: Vault) -> None:
    use = gateway.container.devices().revoke
    await use(vault.ids["user"], vault.living_device.device.id, OPERATOR)


async def deactivate(gateway: Gateway, vault: Vault) -> None:
    use = gateway.container.accounts().change_account
    await use(vault.ids["user"], AccountPatch(is_active=False), OPERATOR)


async def end_sessions(gateway: Gateway, vault: Vault) -> None:
    await gateway.container.accounts().end_sessions(vault.ids["user"], OPERATOR)


CASES: Final[Mapping[str, Case]] = {
    "a key that is revoked": Case("live key", revoke_key),
    "a key that is reported": Case("live key", report_leak),
    "a secret that is replaced without a grace": Case("live key", regenerate),
    "a key that is disabled": Case("live key", change_key(KeyChange(is_enabled=False))),
    "a key that is sent elsewhere": Case(
        "live key", change_key(KeyChange(allowed_networks=(parse_network(ELSEWHERE),))), 403
    ),
    "a key that loses a scope": Case(
        "live key", change_key(KeyChange(scopes=frozenset({Scope.KEYS_WRITE}))), 403
    ),
    "a token whose session ends": Case("user token", log_out),
    "a token whose refresh token was stolen": Case("user token", reuse_refresh_token),
    "a token of an account that is logged out": Case("user token", end_sessions),
    "a token of a device of an account that is logged out": Case("device token", end_sessions),
    "a token of a device that is revoked": Case("device token", revoke_device),
    "a key of an account that is deactivated": Case("live key", deactivate),
    "a token of an account that is deactivated": Case("user token", deactivate),
    "a device of an account that is deactivated": Case("device token", deactivate),
}


@dataclass(slots=True)
class House:
    """Processes on one database, which clients stay connected to."""

    folder: Path
    vault: Vault
    stack: AsyncExitStack

    async def process(self, **env: str) -> Listener:
        opening = open_gateway(self.folder, **{**WIDE, **env})
        gateway = await self.stack.enter_async_context(opening)
        await gateway.remember(KillerBiId("KB-000001"))
        return await self.stack.enter_async_context(listen(gateway))

    async def ask(self, peer: Peer, name: str) -> int:
        return (await peer.ask(request(ANA_PATH, key=self.vault[name]))).status


@pytest.fixture
def house(furnished: tuple[Path, Vault], tmp_path: Path, stack: AsyncExitStack) -> House:
    source, vault = furnished
    shutil.copytree(source, tmp_path / "data")
    return House(tmp_path / "data", vault, stack)


@pytest.mark.parametrize("lane", ["on", "off"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_here_it_ends_at_once(house: House, case: Case, lane: str) -> None:
    here = await house.process(FAST_LANE=lane)
    peer = await here.connect()
    before = [await house.ask(peer, case.name) for _ in range(3)]
    await case.act(here.gateway, house.vault)

    assert before == [200] * 3
    assert [await house.ask(peer, case.name) for _ in range(3)] == [case.status] * 3
    assert await house.ask(peer, "admin token") == 200


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_elsewhere_it_ends_with_the_next_look(house: House, case: Case) -> None:
    here, elsewhere = await house.process(), await house.process()
    peer = await elsewhere.connect()
    before = [await house.ask(peer, case.name) for _ in range(3)]
    await case.act(here.gateway, house.vault)
    await elsewhere.gateway.container.access.follow_changes()()

    assert before == [200] * 3
    assert [await house.ask(peer, case.name) for _ in range(3)] == [case.status] * 3
    assert await house.ask(peer, "admin token") == 200


@pytest.mark.parametrize("name", ["live key", "user token", "device token"])
async def test_who_hears_of_no_changes_for_a_minute_trusts_nothing(house: House, name: str) -> None:
    process = await house.process()
    gateway = process.gateway
    obey = gateway.container.access.follow_changes()
    peer = await process.connect()
    assert [await house.ask(peer, name) for _ in range(2)] == [200] * 2
    await asyncio.to_thread(rename, house.folder, "", "lost_")

    gateway.clock.advance(TRUST_SECONDS - 0.5)
    with pytest.raises(StorageUnavailable):
        await obey()
    assert await house.ask(peer, name) == 200  # what is remembered is trusted for so long
    gateway.clock.advance(0.5)
    with pytest.raises(StorageUnavailable):
        await obey()
    assert [await house.ask(peer, name) for _ in range(2)] == [503] * 2

    await asyncio.to_thread(rename, house.folder, "lost_", "")
    await obey()
    assert [await house.ask(peer, name) for _ in range(2)] == [200] * 2


async def test_what_was_revoked_while_nobody_could_read_of_it_is_refused(house: House) -> None:
    here, deaf = await house.process(), await house.process()
    peer = await deaf.connect()
    obey = deaf.gateway.container.access.follow_changes()
    assert await house.ask(peer, "live key") == 200
    await revoke_key(here.gateway, house.vault)
    await asyncio.to_thread(rename, house.folder, "", "lost_")
    deaf.gateway.clock.advance(TRUST_SECONDS)
    with pytest.raises(StorageUnavailable):
        await obey()
    await asyncio.to_thread(rename, house.folder, "lost_", "")

    assert await house.ask(peer, "live key") == 401  # even before it has read of changes
    await obey()
    assert await house.ask(peer, "live key") == 401


async def test_the_service_key_needs_no_database(house: House) -> None:
    process = await house.process()
    peer = await process.connect()
    await asyncio.to_thread(rename, house.folder, "", "lost_")
    process.gateway.clock.advance(TRUST_SECONDS - 1)

    assert (await peer.ask(request(ANA_PATH))).status == 200


def rename(folder: Path, before: str, after: str) -> None:
    """Take the tables away, or bring them back."""
    with closing(sqlite3.connect(folder / "db.sqlite3", isolation_level=None)) as connection:
        for table in FEED:
            connection.execute(f"ALTER TABLE {before}{table} RENAME TO {after}{table}")
