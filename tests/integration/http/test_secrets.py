"""No secret shows: not in logs, nor in refusals, nor in texts of objects, nor in the database."""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from plg.adapters.telemetry.logs import configure_logging
from plg.application.devices.register_device import NewDevice, Registered
from plg.application.identity.issue_key import IssuedKey
from plg.domain.audit import OPERATOR
from plg.domain.devices.proofs import proof_hash
from plg.domain.identity.accounts import Email, Role
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.devices_world import lose
from tests.integration.http.gateway import KEY, Gateway
from tests.integration.http.keyholders import READER
from tests.integration.http.people import OTHER, PASSWORD, People
from tests.integration.http.vault import WIDE, session

WRONG: Final = "a password that nobody has"
MAIL: Final = "ana@example.org"
HOLDS_SECRETS: Final = ("key", "access_token", "refresh_token", "device_secret")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Return where logs go; leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)


@dataclass(slots=True)
class Snoop:
    """
    A client that takes note of everything secret, and of everything that is refused.

    Attributes:
        secrets: What must not show.
        refusals: Bodies and headers of answers that give nothing.
    """

    gateway: Gateway
    secrets: set[str] = field(default_factory=set)
    refusals: list[str] = field(default_factory=list)

    async def ask(
        self, method: str, path: str, token: str = "", body: object = None, **fields: str
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.gateway.client(headers={**headers, **fields}) as client:
            answer = await client.request(method, f"/api/v1{path}", json=body)
        self._note(answer)
        told: dict[str, Any] = answer.json() if answer.content else {}
        self.secrets |= {str(told[name]) for name in HOLDS_SECRETS if name in told}
        return told

    def _note(self, answer: httpx.Response) -> None:
        if not answer.is_success:
            self.refusals.append(f"{answer.headers} {answer.text}")
        assert answer.status_code != 500


@pytest.fixture
async def snoop(open_: OpenGateway, log: io.StringIO) -> Snoop:
    gateway = await open_(**WIDE)
    with redirect_stderr(log):
        configure_logging("debug", "json")
    return Snoop(gateway, {PASSWORD, OTHER, WRONG, KEY})


async def live_a_life(snoop: Snoop) -> None:
    """Do everything that makes or takes a secret, rightly and wrongly."""
    people = People(snoop.gateway)
    me = {"email": MAIL, "password": PASSWORD}
    await snoop.ask("POST", "/auth/register", body={**me, "name": "Ana"})
    await snoop.ask("POST", "/auth/register", body=me)
    await snoop.ask(
        "POST", "/auth/register", body={"email": "b@example.org", "password": OTHER[:9]}
    )
    await snoop.ask("POST", "/auth/register", body={**me, "pasword": WRONG})
    await snoop.ask("POST", "/auth/login", body={**me, "password": WRONG})
    await snoop.ask("POST", "/auth/login", body={**me, "username": WRONG})
    await snoop.ask("POST", "/auth/login", body={"email": WRONG, "password": PASSWORD})
    await snoop.ask("POST", "/auth/login", body={"email": MAIL, "password": [PASSWORD]})
    tokens = await snoop.ask("POST", "/auth/login", body=me)
    token, refresh = str(tokens["access_token"]), str(tokens["refresh_token"])
    await snoop.ask("GET", "/me", token + "x")
    await snoop.ask("GET", "/me", refresh)
    await snoop.ask("POST", "/auth/token/verify", body={"token": refresh})
    await snoop.ask("POST", "/auth/logout", token, {"refresh_token": token})
    await live_with_keys(snoop, token)
    await live_with_devices(snoop, token)
    link = await people.mailed_token()
    snoop.secrets.add(link)
    await snoop.ask("POST", "/auth/email/verify", body={"token": link})
    await snoop.ask("POST", "/auth/email/verify", body={"token": link})
    await snoop.ask("GET", f"/auth/email/verify?token={link}&token={link}")
    await snoop.ask("GET", f"/me?access_token={token}&api_key={KEY}")
    await snoop.ask("POST", "/auth/password/forgot", body={"email": MAIL})
    reset = await people.mailed_token()
    snoop.secrets.add(reset)
    await snoop.ask("POST", "/auth/password/reset", body={"token": reset, "password": "short"})
    await snoop.ask("POST", "/auth/password/reset", body={"token": reset + "x", "password": OTHER})
    change = {"current_password": WRONG, "password": OTHER}
    await snoop.ask("POST", "/auth/password/change", token, change)
    await snoop.ask("POST", "/auth/token/refresh", body={"refresh_token": refresh})
    snoop.gateway.clock.advance(60)
    await snoop.ask("POST", "/auth/token/refresh", body={"refresh_token": refresh})
    await snoop.ask("POST", "/auth/password/reset", body={"token": reset, "password": OTHER})


async def live_with_keys(snoop: Snoop, token: str) -> None:
    made = await snoop.ask("POST", "/api-keys", token, {"name": "mine"})
    key = str(made["key"])
    await snoop.ask("POST", "/api-keys", token, {"name": "x", "key": key})
    await snoop.ask("GET", "/players/KB-000001", key)
    await snoop.ask("GET", "/api-keys", key)
    await snoop.ask("GET", "/api-keys", key[:-1])
    await snoop.ask("GET", "/api-keys", key, X_API_Key=token)
    await snoop.ask("POST", f"/api-keys/{made['id']}/regenerate", token, {"grace_seconds": 60})
    await snoop.ask("POST", f"/api-keys/{made['id']}/regenerate", token, {"grace_seconds": key})
    await snoop.ask("POST", f"/api-keys/{key}/regenerate", token)
    await snoop.ask("POST", "/leaked-credentials", body={"credential": key})
    snoop.gateway.simulator.control(error_ratio=1)
    await snoop.ask("GET", "/players/KB-000009", token)


async def live_with_devices(snoop: Snoop, token: str) -> None:
    made = await snoop.ask("POST", "/device/register", token, {"device_id": "till-0001"})
    secret = str(made["device_secret"])
    await snoop.ask("POST", "/device/register", token, {"device_id": "till-0001"})
    await snoop.ask("POST", "/device/register", token, {"device_id": f"!{secret}"})
    now, nonce = int(snoop.gateway.clock.now()), "0123456789abcdef"
    proved = proof_hash(secret.encode(), "till-0001", now, nonce)
    claim = {"device_id": "till-0001", "timestamp": now, "nonce": nonce, "hmac_hash": proved}
    for body in (claim, claim, {**claim, "nonce": "f" * 16}, {**claim, "hmac_hash": secret}):
        await snoop.ask("POST", "/auth/get-token", body=body)


async def test_no_secret_is_logged_or_told_to_who_is_refused(
    snoop: Snoop, log: io.StringIO
) -> None:
    await live_a_life(snoop)
    written = log.getvalue()
    lines = [json.loads(line) for line in written.splitlines()]

    assert len(lines) > 40  # one for each request
    assert len(snoop.refusals) > 20
    assert len(snoop.secrets) > 14
    for secret in snoop.secrets:
        assert secret not in written
        for refusal in snoop.refusals:
            assert secret not in refusal


async def test_no_secret_is_written_in_clear(snoop: Snoop) -> None:
    await live_a_life(snoop)
    await snoop.gateway.container.access.key_uses().write()
    folder = snoop.gateway.settings.storage.data_dir
    kept = {path.name: path.read_bytes() for path in _databases(folder)}

    assert "db.sqlite3-wal" in kept
    assert MAIL.encode() in b"".join(kept.values())  # it is the right place to look
    for secret in snoop.secrets:
        # Of a token its signature is what counts; the parts of a key that are public may stand.
        for part in {secret, secret.rpartition(".")[2], secret[-32:]}:
            assert part.encode() not in b"".join(kept.values())


async def test_no_secret_is_logged_when_the_database_fails(snoop: Snoop, log: io.StringIO) -> None:
    people = People(snoop.gateway)
    await people.account(MAIL)
    tokens = await snoop.ask("POST", "/auth/login", body={"email": MAIL, "password": PASSWORD})
    token = str(tokens["access_token"])
    made = await snoop.ask("POST", "/api-keys", token, {"name": "mine"})
    for table in ("accounts", "sessions", "api_key_secrets", "devices", "mailed_links"):
        await lose(snoop.gateway, table)
    await snoop.gateway.container.access.follow_changes()()
    await snoop.ask("POST", "/auth/login", body={"email": MAIL, "password": PASSWORD})
    await snoop.ask("POST", "/auth/token/refresh", body={"refresh_token": tokens["refresh_token"]})
    await snoop.ask("GET", "/players/KB-000001", str(made["key"]))
    await snoop.ask("POST", "/auth/password/reset", body={"token": "t" * 43, "password": OTHER})
    await snoop.ask("POST", "/device/register", token, {"device_id": "till-0001"})
    written = log.getvalue()

    assert any('"storage_unavailable"' in refusal for refusal in snoop.refusals)
    for secret in snoop.secrets:
        assert secret not in written + str(snoop.refusals)
    assert "sqlalchemy" not in str(snoop.refusals).lower()


async def test_no_secret_is_in_the_text_of_an_object(snoop: Snoop) -> None:
    gateway = snoop.gateway
    container = gateway.container
    create = container.accounts().create_account
    made = await create(Email.parse(MAIL), None, Role.USER, PASSWORD, OPERATOR)
    account = made.account
    tokens = await session(gateway, account.id, account.role.scopes)
    caller = await container.access.identify()(tokens.access_token.encode(), "127.0.0.1")
    key: IssuedKey = await container.keys().issue(READER, caller, OPERATOR)
    register = container.devices().register
    device: Registered = await register(
        NewDevice.parse("till-0001"), account.id, caller.scopes, OPERATOR
    )
    async with container.access.work().look() as work:
        standing = await work.sessions.standing(caller.session_id or "")
        secrets = await work.api_keys.secrets(key.key.id)
        signing = await work.signing_keys.all()
        held = await work.accounts.get(account.id)
    shown = repr([made, account, held, tokens, caller, key, device, standing, secrets, signing])
    shown += repr([gateway.settings, container.access.keyring(), container.access.seal()])
    hidden = {PASSWORD, tokens.access_token, tokens.refresh_token, device.secret, KEY}
    hidden |= {key.secret.reveal(), device.device.sealed_secret, signing[0].sealed_private}
    hidden |= {
        str(held.password_hash),
        (gateway.settings.storage.data_dir / "secret_key").read_text(),
    }

    for secret in hidden:
        assert secret.strip() not in shown
    assert not re.search(r"argon2|plg_rt_|eyJ", shown)


def _databases(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.sqlite3*"))
