"""People with accounts, and programs that act for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Final
from urllib.parse import urlencode

import httpx

from plg.domain.audit import OPERATOR
from plg.domain.identity.accounts import Email, Role
from tests.integration.http.gateway import Gateway

PASSWORD: Final = "grumpy teapot sails north"
OTHER: Final = "seven violet otters whistle"
UNLIMITED: Final = {"RATE_LIMIT_AUTH_TOKEN": "100000/minute", "RATE_LIMIT_ADMIN": "100000/minute"}


@dataclass(slots=True)
class People:
    """A gateway whose outbox is read, and who logs in to it."""

    gateway: Gateway

    async def account(
        self, email: str = "ana@example.org", role: Role = Role.USER, *, password: str = PASSWORD
    ) -> str:
        """Make an account as the operator does; return its id."""
        create = self.gateway.container.accounts().create_account
        made = await create(Email.parse(email), None, role, password, OPERATOR)
        return str(made.account.id)

    async def get(
        self, path: str, token: str | None = None, /, **query: str | int
    ) -> httpx.Response:
        async with self._client(token) as client:
            return await client.get(f"/api/v1{path}", params=query or None)

    async def post(self, path: str, token: str | None = None, /, **body: object) -> httpx.Response:
        """Send a JSON body."""
        async with self._client(token) as client:
            return await client.post(f"/api/v1{path}", json=body)

    async def patch(self, path: str, token: str | None = None, /, **body: object) -> httpx.Response:
        """Send a JSON body."""
        async with self._client(token) as client:
            return await client.patch(f"/api/v1{path}", json=body)

    async def delete(self, path: str, token: str | None = None, /) -> httpx.Response:
        async with self._client(token) as client:
            return await client.delete(f"/api/v1{path}")

    async def submit(self, path: str, form: Mapping[str, str] | str) -> httpx.Response:
        """Send a form as a browser does."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        content = form if isinstance(form, str) else urlencode(form)
        async with self._client(None) as client:
            return await client.post(f"/api/v1{path}", content=content, headers=headers)

    async def token(self, email: str = "ana@example.org", password: str = PASSWORD) -> str:
        """Log in; return an access token."""
        answer = await self.post("/auth/login", email=email, password=password)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def admin(self) -> str:
        """Make an admin; return an access token."""
        await self.account("admin@example.org", Role.ADMIN)
        return await self.token("admin@example.org")

    async def letters(self) -> list[EmailMessage]:
        """Return what was mailed, in order."""
        await self.gateway.container.background_tasks().drain()
        await self.gateway.container.mail().drain()
        folder = self.gateway.settings.storage.data_dir / "outbox"
        paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        parse = BytesParser(EmailMessage, policy=policy.default).parsebytes
        return [parse(path.read_bytes()) for path in paths]

    async def link(self) -> str:
        """Return the newest link that was mailed."""
        links = [
            re.search(r"http\S*\?token=\S+", mail.get_content()) for mail in await self.letters()
        ]
        return [link[0] for link in links if link is not None][-1]

    async def mailed_token(self) -> str:
        return (await self.link()).partition("token=")[2]

    def _client(self, token: str | None) -> httpx.AsyncClient:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self.gateway.client(headers=headers, peer="203.0.113.7")


def code(answer: httpx.Response) -> str:
    """Return what kind of problem it is."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return str(answer.json()["code"])
