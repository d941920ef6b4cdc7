"""Serve what is declared now, without a restart."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from plg.application.ports.records.invalidation import REDECLARED
from plg.container import Container, adopt_declared, redeclared
from plg.container.declared import Declared
from plg.domain.errors import StorageUnavailable
from plg.settings import DOTENV, RESOURCES_COPY, SettingError, Settings
from plg.settings.resources.catalogue import Catalogue

DRAIN_MARGIN_SECONDS: Final = 30.0
"""Past the time that its sources have, what is served no more is kept for requests under way."""
_log = structlog.get_logger("plg.reload")


def declared_now() -> Settings:
    """
    Read the declarations as they are now.

    Raises:
        SettingError: If there is a mistake in them.
    """
    own = {name: each for name, each in os.environ.items() if name != RESOURCES_COPY}
    return Settings.from_env(own, dotenv=DOTENV)


async def tell_others(container: Container) -> None:
    """Have every other process on the same cache look whether it has to read declarations anew."""
    try:
        await container.invalidations().publish(REDECLARED)
    except StorageUnavailable as error:
        _log.warning("other hosts were not told to reload", why=str(error))


@dataclass(frozen=True, slots=True)
class Reload:
    """
    Reads declarations anew on SIGHUP, or where another process has and they are others here, too.

    A mistake changes nothing. What is declared as before keeps its connections and its cache, what
    is declared otherwise loses its cache, and what is gone finishes what is under way.

    Attributes:
        prepare: Makes what answers for other resources; what it returns takes its place.
    """

    container: Container
    prepare: Callable[[Declared], Callable[[], None]]
    read: Callable[[], Settings] = declared_now
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _served: list[Catalogue] = field(default_factory=list)

    @asynccontextmanager
    async def on_signal(self) -> AsyncIterator[None]:
        """Obey SIGHUP, and follow other processes, within the block."""
        loop = asyncio.get_running_loop()
        try:
            loop.add_signal_handler(signal.SIGHUP, lambda: self._spawn(self._signalled()))
        except (ValueError, RuntimeError):  # not in the main thread: nobody signals
            yield
            return
        try:
            async with self._following(self._follow):
                yield
        finally:
            loop.remove_signal_handler(signal.SIGHUP)

    @asynccontextmanager
    async def through_parent(self) -> AsyncIterator[None]:
        """Follow other processes within the block, by a signal to the parent of this one."""
        async with self._following(self._signal_parent):
            yield

    @asynccontextmanager
    async def _following(
        self, follow: Callable[[], Coroutine[None, None, None]]
    ) -> AsyncIterator[None]:
        listeners = self.container.maintenance().on_redeclared
        listeners.append(lambda: self._spawn(follow()))
        try:
            yield
        finally:
            listeners.clear()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __call__(self) -> None:
        """
        Serve what is declared now.

        Raises:
            SettingError: If there is a mistake; then all stays as it was.
        """
        async with self._turn:
            settings = await asyncio.to_thread(self.read)
            self._served[:] = [settings.catalogue]
            newer = await asyncio.to_thread(redeclared, self.container, settings)
            take_over = self.prepare(newer)
            gone = adopt_declared(self.container, newer)
            take_over()
            await self._purge(gone)
            self._spawn(self._retire(gone))
            _log.info("resources are declared anew", resources=sorted(newer.resources))

    async def _signalled(self) -> None:
        await self._try()
        await tell_others(self.container)

    async def _follow(self) -> None:
        if await self._differs():
            await self._try()

    async def _signal_parent(self) -> None:
        if await self._differs():
            os.kill(os.getppid(), signal.SIGHUP)

    async def _try(self) -> None:
        try:
            await self()
        except SettingError as error:
            _log.error("a mistake in what is declared changes nothing", why=str(error))

    async def _differs(self) -> bool:
        served = self._served[0] if self._served else self.container.settings().catalogue
        try:
            return (await asyncio.to_thread(self.read)).catalogue != served
        except SettingError as error:
            _log.error("a mistake in what is declared changes nothing", why=str(error))
            return False

    async def _purge(self, gone: Declared) -> None:
        served = self.container.declared().resources
        for name in gone.resources.keys() & served.keys():
            try:
                await served[name].resource.purge(None)
            except StorageUnavailable as error:
                self.container.observer().background_failed("purge_redeclared", error)

    async def _retire(self, gone: Declared) -> None:
        try:
            await asyncio.sleep(gone.seconds + DRAIN_MARGIN_SECONDS)
        finally:
            await gone.retire()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
