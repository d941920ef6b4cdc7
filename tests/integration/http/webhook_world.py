"""An account that is told of its limits, in a gateway that a test has opened."""

import base64
import hashlib
import hmac
from typing import Any, Final

import httpx

from plg.domain.identity.accounts import Role
from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import Holder, ask, holder_in
from tests.integration.webhooks.receivers import Received, Receiver

BILLING: Final = "/api/v1/billing"
LOCAL: Final = {
    "WEBHOOK_ALLOW_NETWORKS": "127.0.0.0/8",
    "RATE_LIMIT_BURST": "100000/minute",
    "RATE_LIMIT_DATA_MODIFICATION": "100000/minute",
}


async def send(
    gateway: Gateway, holder: Holder, method: str, path: str, **body: object
) -> httpx.Response:
    """Send a request below the routes of billing, with a JSON body where there is one."""
    async with gateway.client(headers=holder.headers) as client:
        return await client.request(method, f"{BILLING}/{path}", json=body or None)


async def told_at(gateway: Gateway, holder: Holder, receiver: Receiver) -> str:
    """Have an account told at a receiver; return the secret."""
    url = f"http://127.0.0.1:{receiver.port}/hook"
    answer = await send(gateway, holder, "PUT", "webhook", url=url)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["secret"])


async def limited(gateway: Gateway, holder: Holder, requests: int) -> Holder:
    """Give an account a daily quota, as the admin does who is returned."""
    admin = await holder_in(gateway, "admin", Role.ADMIN)
    path = f"/api/v1/users/{holder.caller.account_id}/overrides"
    async with gateway.client(headers=admin.headers) as client:
        answer = await client.post(path, json={"requests_per_day": requests})
    assert answer.status_code == 201, answer.text
    return admin


async def use(gateway: Gateway, holder: Holder, times: int) -> None:
    for _ in range(times):
        await ask(gateway, holder.key)


async def notices(gateway: Gateway, holder: Holder, query: str = "") -> list[dict[str, Any]]:
    answer = await send(gateway, holder, "GET", f"notices{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def is_signed(request: Received, secret: str) -> bool:
    """Verify as a receiver does."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    head = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}."
    expected = base64.b64encode(hmac.digest(key, head.encode() + request.body, hashlib.sha256))
    return f"v1,{expected.decode()}" in request.headers["webhook-signature"].split(" ")
