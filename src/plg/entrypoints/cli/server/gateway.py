"""The gateway as a process: databases ready, server up, word given when it answers."""

import asyncio
import threading
from collections.abc import Callable

import structlog

from plg.container import Container, close, prepare
from plg.entrypoints.cli.failures import Failed
from plg.entrypoints.cli.server.listening import check_free, wait_until_listening
from plg.entrypoints.cli.session import new_container
from plg.entrypoints.http.serving import serve
from plg.settings import Settings

_log = structlog.get_logger("plg.serve")


def run_gateway(settings: Settings, on_ready: Callable[[], None]) -> None:
    """
    Serve until a signal says stop; `on_ready` is called once it answers.

    Raises:
        StorageUnavailable: If a database cannot be made ready or written, or a restore is under
            way.
        InvalidParameter: If the plan of new accounts does not exist.
        Failed: If nothing can listen on the port, or the server could not start.
    """
    host, port = settings.server.host, settings.server.port
    check_free(host, port)
    container = new_container(settings, log_level=settings.log.level)
    with container.gateways().serving() as others:
        if others:
            _log.warning(
                "other gateways serve from this data folder",
                processes=[*others],
                approximate="rate limits, collapse and the breaker hold for each by itself",
            )
        asyncio.run(_prepare(container))
        _serve(settings, on_ready)


def _serve(settings: Settings, on_ready: Callable[[], None]) -> None:
    host, port = settings.server.host, settings.server.port

    def announce() -> None:
        if wait_until_listening(host, port):
            on_ready()

    threading.Thread(target=announce, daemon=True).start()
    try:
        serve(settings)
    except SystemExit as error:  # pragma: no cover - the port was taken since it was looked at
        raise Failed("The server could not start: its log says why.") from error


async def _prepare(container: Container) -> None:
    try:
        await prepare(container)
        await container.billing().check_default_plan()
    finally:
        await close(container)
