"""The examples of the page on devices work as they stand there."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from plg.application.devices.register_device import NewDevice
from plg.container import Container
from plg.domain.audit import OPERATOR
from plg.domain.identity.access import DATA_SCOPES
from plg.domain.identity.accounts import Account, Email, Role
from tests.docs.pages import page
from tests.docs.world import serving

SHOWN = "http://localhost:9600"
RUNNERS = {"python": [sys.executable, "-c"], "sh": ["bash", "-euc"]}
EXAMPLES = {
    f"{fence.note.removeprefix('example: ')} in {fence.kind}": fence
    for fence in page("devices.md").fences(*RUNNERS)
    if fence.note.startswith("example: ")
}


@pytest.mark.parametrize("name", ["get-token in python", "get-token in sh"])
async def test_a_device_gets_tokens(tmp_path: Path, name: str) -> None:
    async with served(tmp_path) as (address, secret):
        tokens = json.loads(await run(name, address, secret))

    assert tokens["token_type"] == "Bearer"
    assert tokens["scope"] == "players:read vehicles:read"


async def test_a_device_signs_requests(tmp_path: Path) -> None:
    async with served(tmp_path) as (address, secret):
        player = json.loads(await run("sign in python", address, secret))

    assert player["killer_bi_id"] == "KB-000001"


def test_every_example_is_run() -> None:
    assert set(EXAMPLES) == {"get-token in python", "get-token in sh", "sign in python"}


async def run(name: str, address: str, secret: str) -> str:
    """Run an example against the gateway at this address; return what it prints."""
    fence = EXAMPLES[name]
    process = await asyncio.create_subprocess_exec(
        *RUNNERS[fence.kind],
        fence.text.replace(SHOWN, address),
        env={**os.environ, "DEVICE_SECRET": secret},
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return printed.decode()


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[str, str]]:
    """Serve a gateway that knows the device of the examples; yield its address and the secret."""
    async with serving(folder) as (address, container):
        yield address, await registered(container)


async def registered(container: Container) -> str:
    account = Account(
        "A1",
        Email("ana@example.org"),
        None,
        Role.USER,
        is_active=True,
        is_verified=True,
        created_at=container.clock().now(),
    )
    async with container.access.work().change() as work:
        await work.accounts.add(account)
    register = container.devices().register
    draft = NewDevice.parse("till-0001")
    return str((await register(draft, account.id, DATA_SCOPES, OPERATOR)).secret)
