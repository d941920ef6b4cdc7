"""Plans and terms of accounts, asked about over HTTP."""

from typing import Any, Final

import httpx

from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import Holder

PLANS: Final = "/api/v1/billing/plans"
NO_LIMITS: Final = {
    "RATE_LIMIT_ADMIN": "100000/minute",
    "RATE_LIMIT_CONTENT_LISTING": "100000/minute",
}


async def send(
    gateway: Gateway, holder: Holder, method: str, path: str, **body: object
) -> httpx.Response:
    async with gateway.client(headers=holder.headers) as client:
        return await client.request(method, path, json=body or None)


def path_of(holder: Holder, *more: str) -> str:
    return "/".join([f"/api/v1/users/{holder.caller.account_id}", *more])


async def terms_of(gateway: Gateway, admin: Holder, holder: Holder) -> dict[str, Any]:
    answer = await send(gateway, admin, "GET", path_of(holder, "plan"))
    assert answer.status_code == 200, answer.text
    terms: dict[str, Any] = answer.json()
    return terms
