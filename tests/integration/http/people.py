"""People with accounts, and programs that act for them."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any, Final

import httpx

from plg.domain.accounts import Email, Role
from plg.domain.audit import OPERATOR
from tests.fakes.mail import KeptMail
from tests.integration.http.gateway import Gateway

PASSWORD: Final = "grumpy teapot sails north"
OTHER: Final = "seven violet otters whistle"
UNLIMITED: Final = {"RATE_LIMIT_AUTH_TOKEN": "100000/minute", "RATE_LIMIT_ADMIN": "100000/minute"}


@dataclass(slots=True)
class People:
    """A gateway whose mail is read, and who logs in to it."""

    gateway: Gateway
    mail: KeptMail

    async def account(
        self, email: str = "ana@example.org", role: Role = Role.USER, *, password: str = PASSWORD
    ) -> str:
        """Make an account as the operator does; return its id."""
        create = self.gateway.container.accounts.create_account()
        made = await create(Email.parse(email), None, role, password, OPERATOR)
        return str(made.account.id)

    async def send(
        self, method: str, path: str, *, token: str | None = None, peer: str = "203.0.113.7", **kw: Any
    ) -> httpx.Response:
        """Send a request, with a token where there is one."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with self.gateway.client(headers=headers, peer=peer) as client:
            return await client.request(method, f"/api/v1{path}", **kw)

    async def post(self, path: str, *, token: str | None = None, **body: Any) -> httpx.Response:
        """Send a JSON body."""
        return await self.send("POST", path, token=token, json=body)

    async def token(self, email: str = "ana@example.org", password: str = PASSWORD) -> str:
        """Log in; return an access token."""
        answer = await self.post("/auth/login", email=email, password=password)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def admin(self) -> str:
        """Make an admin; return an access token."""
        await self.account("admin@example.org", Role.ADMIN)
        return await self.token("admin@example.org")

    async def link(self) -> str:
        """Return the newest link that was mailed."""
        await self.gateway.container.accounts.behind().drain()
        found = re.search(r"http\S*\?token=\S+", self.mail.sent[-1].text)
        assert found is not None
        return found[0]

    async def mailed_token(self) -> str:
        return (await self.link()).partition("token=")[2]

    @staticmethod
    async def at_once(*asking: Any) -> list[httpx.Response]:
        return await asyncio.gather(*asking)


def code(answer: httpx.Response) -> str:
    """Return what kind of problem it is."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return str(answer.json()["code"])
