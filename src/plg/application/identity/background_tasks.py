"""Work that continues after the answer, so that no answer's time tells of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from plg.application.ports.observer import ObserverPort
from plg.domain.errors import Busy, PlgError

TASKS_MAX: Final = 256


class BackgroundTasks:
    """
    Does so much at once, and what fails is told to who watches.

    Args:
        tasks_max: Pieces of work that may be under way.
    """

    def __init__(self, observer: ObserverPort, *, tasks_max: int = TASKS_MAX) -> None:
        self._observer = observer
        self._tasks_max = tasks_max
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """
        Begin the work and return at once.

        Raises:
            Busy: If too much is under way already.
        """
        if len(self._tasks) >= self._tasks_max:
            raise Busy("Too much mail is being made ready at once.")
        task = asyncio.create_task(self._run(name, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Return when all that was begun has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _run(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except PlgError as error:
            self._observer.background_failed(name, error)
