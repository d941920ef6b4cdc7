"""Whatever is in a body: it is a problem that says so, and nothing is written."""

import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any, Final

import httpx
import pytest

from plg.domain.identity.access import Scope
from plg.entrypoints.http.endpoints import CountedRoute
from plg.entrypoints.http.gate.gate import BehindGate, Public
from plg.entrypoints.http.protocol.context import BODY_BYTES_MAX
from tests.integration.http.forgery import forger_of
from tests.integration.http.gateway import open_gateway
from tests.integration.http.people import PASSWORD, People
from tests.integration.http.vault import WIDE, Vault, session
from tests.integration.http.ways import World

TOO_MUCH: Final = b" " * (BODY_BYTES_MAX + 1)
MARKS: Final = "a" + "\u0315" * 15_000 + "\u0316" * 15_000
"""What takes seconds to normalize."""

NO_JSON: Final = {
    "nothing": b"",
    "a blank": b" ",
    "half an object": b'{"email": ',
    "two objects": b"{}{}",
    "a list": b"[]",
    "null": b"null",
    "a text": b'"x"',
    "a number": b"1e999",
    "NaN": b"NaN",
    "deep lists": b"[" * 30_000,
    "deep objects": b'{"a":' * 10_000,
    "deep and whole": b"[" * 5_000 + b"]" * 5_000,
    "no UTF-8": b'{"email": "\xff\xfe"}',
    "UTF-16": '{"email": "x"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a lone surrogate": b'{"email": "\\ud800"}',
    "a NUL after the end": b"{}\0",
    "a comment": b"{} // x",
    "single quotes": b"{'email': 'x'}",
    "a member that nobody knows": b'{"constructor": 1}',
    "a member with a name of 60 KB": b'{"' + b"n" * 60_000 + b'": 1}',
    "a member with an odd name": b'{"a`\\n$.b": 1}',
}
VALUES: Final = {
    "a NUL": "a\0b@example.org",
    "only a NUL": "\0",
    "control characters": "a\r\nBcc: b@example.org",
    "an escape": "\x1b[31m",
    "line separators": "a\u2028b\u2029c",
    "directions": "\u202eana",
    "nothing": "",
    "blanks": "   ",
    "60,000 letters": "x" * 60_000,
    "60,000 bytes of marks": MARKS,
    "a ligature that grows": "\ufdfa" * 300,
    "markup": "<script>alert(1)</script>",
    "SQL": "'; DROP TABLE accounts; --",
    "a template": "{0.__class__} %s ${x} {{7*7}}",
    "a path": "../../secret_key",
    "true": True,
    "null": None,
    "zero": 0,
    "a negative number": -1,
    "a fraction": 1.5,
    "a huge number": 10**300,
    "more than 64 bits": 2**64,
    "a list": ["x"],
    "lists in lists": [[[["x"]]]],
    "an object": {"a": 1},
    "many items": ["players:read"] * 5_000,
}
MEDIA_TYPES: Final = (
    "",
    "text/plain",
    "application/jsonx",
    "application/xml",
    "multipart/form-data",
)
SURROGATES: Final = (b'"\\ud800"', b'"a\\udfffb"', b'"\\ud800\\ud800"')


@dataclass(frozen=True, slots=True)
class Target:
    """One operation that takes a body."""

    method: str
    path: str
    target: str
    example: dict[str, Any]
    members: tuple[str, ...]


@dataclass(slots=True)
class Attacker:
    """Somebody who may do everything, so that nothing but the body stands in the way."""

    world: World
    token: str
    watch: sqlite3.Connection

    async def log_in(self) -> None:
        """Begin a session, as the one before may have ended."""
        account_id = self.world.vault.ids["admin"]
        opened = await session(self.world.gateway, account_id, frozenset(Scope))
        self.token = opened.access_token

    async def targets(self) -> list[Target]:
        document = (await self.world.gateway.get("/openapi.json")).json()
        schemas = document["components"]["schemas"]
        found = []
        for path, item in document["paths"].items():
            for method, operation in item.items():
                if "requestBody" not in operation:
                    continue
                media = operation["requestBody"]["content"]["application/json"]
                named = media["schema"]["$ref"].rpartition("/")[2]
                members = tuple(schemas[named]["properties"])
                target = self.world.target(path)
                found.append(Target(method.upper(), path, target, media["example"], members))
        return found

    async def send(
        self, target: Target, content: bytes | AsyncIterator[bytes], media: str = "application/json"
    ) -> httpx.Response:
        headers = {"Content-Type": media, "Authorization": f"Bearer {self.token}"}
        async with self.world.gateway.client(headers=headers) as client:
            return await client.request(target.method, target.target, content=content)

    async def attack(self, target: Target, content: bytes, what: object) -> httpx.Response:
        """Send it; check that it is refused well where it is refused."""
        before = self.version()
        started = process_time()
        answer = await self.send(target, content)
        about = (target.method, target.path, what, answer.text[:300])
        assert process_time() - started < 1, about  # nobody else waits for it
        assert answer.status_code < 500, about
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", about
            assert len(answer.content) < 2_000, about
        if answer.status_code in (400, 413, 415):
            is_guess = answer.json().get("parameter") == "current_password"  # which is counted
            assert is_guess or self.version() == before, about
        return answer

    def version(self) -> int:
        """Return what changes with every change of the database."""
        (version,) = self.watch.execute("PRAGMA data_version").fetchone()
        return int(version)


@pytest.fixture
async def attacker(
    furnished: tuple[Path, Vault], tmp_path: Path, stack: AsyncExitStack
) -> Attacker:
    folder, vault = furnished
    shutil.copytree(folder, tmp_path / "data")
    gateway = await stack.enter_async_context(open_gateway(tmp_path / "data", **WIDE))
    world = World(gateway, vault, await forger_of(gateway, vault))
    watch = stack.enter_context(closing(sqlite3.connect(tmp_path / "data" / "db.sqlite3")))
    attacker = Attacker(world, "", watch)
    await attacker.log_in()
    return attacker


@pytest.mark.parametrize("is_chunked", [False, True])
async def test_no_route_takes_a_body_of_more_than_64_kib(
    attacker: Attacker, is_chunked: bool
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(TOO_MUCH), 8192):
            yield TOO_MUCH[start : start + 8192]

    asked = 0
    before = await attacker.world.state()
    for target in _writing(attacker.world):
        answer = await attacker.send(target, chunks() if is_chunked else TOO_MUCH)
        assert answer.status_code == 413, (target, answer.text)
        assert answer.json()["code"] == "payload_too_large"
        asked += 1
    assert asked > 20
    assert await attacker.world.state() == before


async def test_every_route_that_takes_a_body_takes_64_kib(attacker: Attacker) -> None:
    for target in await attacker.targets():
        answer = await attacker.send(target, TOO_MUCH[:-1])
        assert answer.status_code == 400, (target, answer.text)


async def test_what_is_no_such_object_is_a_400(attacker: Attacker) -> None:
    for target in await attacker.targets():
        for name, content in NO_JSON.items():
            answer = await attacker.attack(target, content, name)
            may_be_nothing = name == "nothing" and target.path.endswith(("/logout", "/regenerate"))
            assert may_be_nothing or answer.status_code == 400, (name, target, answer.text)
            if may_be_nothing:
                await attacker.log_in()


async def test_another_media_type_is_a_415(attacker: Attacker) -> None:
    before = await attacker.world.state()
    for target in await attacker.targets():
        body = json.dumps(target.example).encode()
        for media in MEDIA_TYPES:
            answer = await attacker.send(target, body, media)
            assert answer.status_code == 415, (media, target, answer.text)
    assert await attacker.world.state() == before


@pytest.mark.parametrize("name", VALUES)
async def test_odd_values_break_nothing(attacker: Attacker, name: str) -> None:
    for target in await attacker.targets():
        for member in target.members:
            body = {**target.example, member: VALUES[name]}
            sent = json.dumps(body, ensure_ascii=False).encode()
            await attacker.attack(target, sent, (member, name))
        await attacker.log_in()


async def test_a_lone_surrogate_is_no_text(attacker: Attacker) -> None:
    for target in await attacker.targets():
        for member in target.members:
            for value in SURROGATES:
                rest = json.dumps({**target.example, member: 0}).encode()
                key = json.dumps(member).encode()
                answer = await attacker.attack(
                    target, rest.replace(key + b": 0", key + b": " + value), member
                )
                assert answer.status_code == 400, (target, member)


ADDRESSES: Final = {
    "ana+tag@example.org": 201,
    "o'hara@example.org": 201,
    "\u00e4n\u00e4@ex\u00e4mple.org": 201,
    "a\u0308na@example.org": 201,
    "\U0001f600@example.org": 201,
    "x" * 64 + "@example.org": 201,
    "-rf@example.org": 201,
    "x" * 65 + "@example.org": 400,
    "a@" + "b" * 250 + ".org": 400,
    "\ufdfa" * 14 + "@example.org": 201,  # as it is written: nothing grows
    "ana\uff20example.org": 400,
    "ana@example\u3002org": 201,
    "ana@example": 400,
    "ana@.": 400,
    "ana@..org": 400,
    "@example.org": 400,
    "ana@": 400,
    "ana@b@example.org": 400,
    '"a b"@example.org': 400,
    "ana@[127.0.0.1]": 400,
    "ana@example.org\r\nBcc: eve@example.org": 400,
    "ana@example.org,eve@example.org": 400,
    "Ana <ana@example.org>": 400,
    "ana@example.org\0": 400,
    "ana\x9b@example.org": 400,
    "ana@exa\u2028mple.org": 400,
    "ana\u200b@example.org": 400,
    "\u202eana@example.org": 400,
}


async def test_an_odd_address_is_taken_or_refused(attacker: Attacker) -> None:
    people = People(attacker.world.gateway)
    for address, status in ADDRESSES.items():
        before = await attacker.world.state(), len(await people.letters())

        answer = await people.post("/auth/register", email=address, password=PASSWORD)

        assert answer.status_code == status, (address, answer.text)
        letters = len(await people.letters())
        if status == 400:
            assert (await attacker.world.state(), letters) == before, address
            continue
        assert letters == before[1] + 1, address
        again = await people.post("/auth/register", email=address.upper(), password=PASSWORD)
        assert again.json()["code"] == "email_taken", address
        back = await people.post("/auth/login", email=address, password=PASSWORD)
        assert back.status_code == 200, address


def _writing(world: World) -> Iterator[Target]:
    for route in world.gateway.app.routes:
        if isinstance(route, CountedRoute):
            for method, app in route.apps.items():
                if method in ("POST", "PUT", "PATCH"):
                    assert isinstance(app, BehindGate | Public)
                    yield Target(method, route.label, world.target(route.label), {}, ())
