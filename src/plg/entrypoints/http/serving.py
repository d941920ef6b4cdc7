"""Serve with uvicorn: one process, or several on one socket."""

import asyncio
import gc
import os
import shutil
import signal

import structlog
import uvicorn

from plg.container import Container
from plg.entrypoints.http.app import HttpApp
from plg.entrypoints.http.assembly import build_app
from plg.entrypoints.http.carrier.connection import Connection
from plg.entrypoints.http.handed_over import hand_over
from plg.entrypoints.http.reload import tell_others
from plg.entrypoints.http.workers import LastingServer, Workers
from plg.settings import DOTENV, SettingError, Settings

_log = structlog.get_logger("plg.serving")


def worker_app() -> HttpApp:
    """Return the app of one worker process, from its own environment."""
    settings = Settings.from_env(os.environ, dotenv=DOTENV)
    container = Container(settings=settings)
    container.set_up_logging(settings.log.level)
    return _lasting(build_app(container))


def serve(settings: Settings) -> None:
    """
    Serve until a signal says stop; then finish what is under way, and return.

    Databases must be ready: several processes must not migrate at once.
    """
    if settings.server.workers == 1:
        app = _lasting(build_app(Container(settings=settings)))
        server = LastingServer(server_config(settings, app))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: _stop(server))
        server.run()
        return
    shutil.rmtree(settings.storage.data_dir / "run", ignore_errors=True)
    config = server_config(settings, f"{__name__}:worker_app")
    hand_over(settings.storage.data_dir / "run")
    deaths = Container(settings=settings).worker_deaths()
    deaths.note(0)
    Workers(
        config,
        [config.bind_socket()],
        deaths.note,
        lambda: _may_reload(settings),
        lambda: asyncio.run(_tell_others(settings)),
    ).run()


def _may_reload(settings: Settings) -> bool:
    try:
        hand_over(settings.storage.data_dir / "run")
    except SettingError as error:
        _log.error("a mistake in what is declared changes nothing", why=str(error))
        return False
    return True


async def _tell_others(settings: Settings) -> None:
    container = Container(settings=settings)
    await tell_others(container)
    await container.cache_engine().dispose()


def _lasting(app: HttpApp) -> HttpApp:
    # Modules and the app live as long as the process: without them to look through at each
    # collection, the ordinary way answers a tenth more.
    gc.collect()
    gc.freeze()
    return app


def _stop(server: uvicorn.Server) -> None:
    # While it serves, uvicorn handles signals itself: this one came before, or is the one that
    # uvicorn raises once more when it has drained.
    server.should_exit = True


def server_config(settings: Settings, app: HttpApp | str) -> uvicorn.Config:
    """Return uvicorn's configuration for an app, or for the name of a function that makes one."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        host=settings.server.host,
        port=settings.server.port,
        workers=settings.server.workers,
        http=Connection,
        ws="none",
        lifespan="on",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=settings.server.shutdown_seconds,
    )
