"""Gateways in process, on the event loop that serves in production."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import Protocol

import pytest
import pytest_asyncio
import uvloop

from plg.application.identity.identify import IdentifyCaller
from tests.integration.http import vault
from tests.integration.http.gateway import Gateway, open_gateway
from tests.integration.http.listening import Listener, listen

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "uvloop": uvloop.new_event_loop,
    "asyncio": asyncio.new_event_loop,
}


def pytest_asyncio_loop_factories(
    config: pytest.Config,  # noqa: ARG001 - pytest-asyncio names them
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run what concerns connections on both loops: transports differ in their corners."""
    is_about_connections = item.path.name.startswith("test_connection")
    return LOOPS if is_about_connections else {"uvloop": LOOPS["uvloop"]}


on_shared_loop = pytest.mark.asyncio(loop_scope="module")
"""A test that uses `shared` runs on its loop."""


class OpenGateway(Protocol):
    """Opens a gateway under these settings; it closes at the end of the test."""

    async def __call__(self, identify: IdentifyCaller | None = ..., /, **env: str) -> Gateway: ...


class Serve(Protocol):
    """Opens a gateway under these settings and listens; both end with the test."""

    async def __call__(
        self,
        identify: IdentifyCaller | None = ...,
        /,
        *,
        request_seconds: float = ...,
        keep_alive_seconds: float = ...,
        write_stall_seconds: float = ...,
        **env: str,
    ) -> Listener: ...


@pytest.fixture(scope="session")
def furnished(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, vault.Vault]:
    """Return a data folder with credentials of every kind, to be copied, and what they are."""
    folder = tmp_path_factory.mktemp("furnished") / "data"
    shutil.copytree(migrated, folder)

    async def furnish() -> vault.Vault:
        async with open_gateway(folder, **vault.WIDE) as gateway:
            return await vault.furnish(gateway)

    return folder, asyncio.run(furnish())


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
def open_(stack: AsyncExitStack, migrated: Path, tmp_path: Path) -> OpenGateway:
    count = 0

    async def open_one(identify: IdentifyCaller | None = None, /, **env: str) -> Gateway:
        nonlocal count
        count += 1
        folder = tmp_path / f"data{count}"
        shutil.copytree(migrated, folder)
        opening: AbstractAsyncContextManager[Gateway] = open_gateway(folder, identify, **env)
        return await stack.enter_async_context(opening)

    return open_one


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(
    migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Gateway]:
    """
    Return a gateway for the tests of a module that change nothing which others could notice.

    They run on its loop: `on_shared_loop`.
    """
    folder = tmp_path_factory.mktemp("shared") / "data"
    shutil.copytree(migrated, folder)
    async with open_gateway(folder, **vault.WIDE) as gateway:
        yield gateway


@pytest.fixture
def serve(stack: AsyncExitStack, open_: OpenGateway) -> Serve:
    async def serve_one(
        identify: IdentifyCaller | None = None,
        /,
        *,
        request_seconds: float = 10.0,
        keep_alive_seconds: float = 10.0,
        write_stall_seconds: float = 10.0,
        **env: str,
    ) -> Listener:
        gateway = await open_(identify, **env)
        gateway.bound(
            request_seconds=request_seconds,
            keep_alive_seconds=keep_alive_seconds,
            write_stall_seconds=write_stall_seconds,
        )
        return await stack.enter_async_context(listen(gateway))

    return serve_one
