"""The requests on the page of accounts are sent, one after the other, and answered as it shows."""

import json
import re
import shlex
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from plg.container import Container, prepare, running
from plg.domain.audit import OPERATOR
from plg.domain.identity.accounts import Email, Role
from plg.entrypoints.http.assembly import build_app
from tests.docs.pages import Page, page
from tests.docs.test_examples import shape
from tests.docs.world import container_in

PAGES = ("accounts.md", "consumers.md")
EASY = {f"RATE_LIMIT_{tier}": "1000/minute" for tier in ("AUTH_TOKEN", "ADMIN")}
ADMIN = "root@example.org"
PASSWORD = "violet harbour counts nine owls"
_BLOCK = re.compile(
    r"^```(?:http\n(?P<request>.*?)|sh\n(?P<curl>curl .*?))^```$"
    r"(?:\s*<!-- answer: (?P<status>\d+) -->\n"
    r"(?:```json\n(?P<answer>.*?)^```$)?)?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A request as the page shows it, and what it is answered with."""

    method: str
    target: str
    headers: dict[str, str]
    body: str
    status: int
    answer: Any

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        method, target, headers, body = _sent_by(match["curl"]) if match["curl"] else _sent(match)
        answer = json.loads(match["answer"]) if match["answer"] else None
        assert match["status"], f"nothing says how {method} {target} is answered"
        return cls(method, target, headers, body, int(match["status"]), answer)


Sent = tuple[str, str, dict[str, str], str]


def _sent(match: re.Match[str]) -> Sent:
    head, _, body = match["request"].partition("\n\n")
    first, *lines = head.strip().splitlines()
    method, target = first.split()
    return method, target, dict(line.split(": ", maxsplit=1) for line in lines), body.strip()


def _sent_by(curl: str) -> Sent:
    """Return what curl would send; a variable stands for what an earlier answer gave."""
    words = iter(shlex.split(curl.replace("\\\n", ""))[1:])
    method, target, headers, body = "", "", [], ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            headers.append(next(words))
        elif word == "-d":
            body = next(words)
        else:
            target = word.removeprefix("$PLG")
    fields = dict(_named(line).split(": ", maxsplit=1) for line in headers)
    return method or ("POST" if body else "GET"), _named(target), fields, _named(body)


def _named(text: str) -> str:
    return re.sub(r"\$\{?([A-Z_]+)\}?", lambda match: f"<{match[1].lower()}>", text)


def turns_of(source: Page) -> list[Turn]:
    return [Turn.of(match) for match in _BLOCK.finditer(source.text)]


@pytest.fixture
async def container(tmp_path: Path) -> AsyncIterator[Container]:
    container = container_in(tmp_path, EASY)
    await prepare(container)
    async with running(container):
        yield container


@pytest.mark.parametrize("name", PAGES)
async def test_requests_are_answered_as_the_page_shows(container: Container, name: str) -> None:
    turns = turns_of(page(name))
    assert turns
    transport = httpx.ASGITransport(build_app(container))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        known = {"admin_token": await admin_token(container, client)}
        for turn in turns:
            await mail_sent(container)
            request = filled(turn, known, container.settings().storage.data_dir)
            answer = await client.request(
                request.method, request.target, headers=request.headers, content=request.body
            )
            told = f"{turn.method} {turn.target}: {answer.text}"
            assert answer.status_code == turn.status, told
            if turn.answer is not None:
                assert shape(turn.answer) == shape(answer.json()), told
                known |= learned(answer.json())


def learned(answer: Mapping[str, object]) -> dict[str, str]:
    """Return what later requests may name; ids as `account_id` or `key_id`."""
    found = {name: value for name, value in answer.items() if isinstance(value, str)}
    if "id" in found:
        found["account_id" if "role" in found else "key_id"] = found.pop("id")
    return found


def filled(turn: Turn, known: dict[str, str], folder: Path) -> Turn:
    """Return the request with what stands in angle brackets replaced by what earlier ones gave."""

    def value(match: re.Match[str]) -> str:
        return mailed_token(folder) if match[1] == "mailed_token" else known[match[1]]

    def fill(text: str) -> str:
        return re.sub(r"<([a-z_]+)>", value, text)

    headers = {name: fill(text) for name, text in turn.headers.items()}
    return Turn(turn.method, fill(turn.target), headers, fill(turn.body), turn.status, turn.answer)


def mailed_token(folder: Path) -> str:
    """Return the token of the link that was mailed last."""
    newest = max((folder / "outbox").glob("*.eml"))
    found = re.search(r"\?token=(\S+)", newest.read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


async def mail_sent(container: Container) -> None:
    await container.background_tasks().drain()
    await container.mail().drain()


async def admin_token(container: Container, client: httpx.AsyncClient) -> str:
    create = container.accounts().create_account
    await create(Email.parse(ADMIN), None, Role.ADMIN, PASSWORD, OPERATOR)
    body = {"email": ADMIN, "password": PASSWORD}
    answer = await client.post("/api/v1/auth/login", json=body)
    return str(answer.json()["access_token"])
