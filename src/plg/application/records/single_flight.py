"""Many who want the same wait for one who fetches it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from plg.domain.errors import PlgError
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)
T = TypeVar("T")


class SingleFlight(Generic[K, T]):
    """
    At most one piece of work under way for each key.

    The work is a task of its own: a caller that goes away does not cancel it for the others.
    """

    def __init__(self) -> None:
        self._tasks: dict[K, asyncio.Task[T]] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def __contains__(self, key: K) -> bool:
        return key in self._tasks

    def start(self, key: K, work: Callable[[], Coroutine[Any, Any, T]]) -> None:
        """Begin the work for the key; the key must not be in flight."""
        task = asyncio.get_running_loop().create_task(work())
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._land(key, done))

    async def wait(self, key: K) -> T:
        """Return what the work for the key returns, or raise what it raises."""
        return await asyncio.shield(self._tasks[key])

    async def drain(self) -> None:
        """Wait until all that is under way has ended, however it ended."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks.values()))
            await asyncio.sleep(0)

    def _land(self, key: K, task: asyncio.Task[T]) -> None:
        del self._tasks[key]
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, PlgError):
            context = {"message": "unexpected error in a lookup", "exception": error, "task": task}
            task.get_loop().call_exception_handler(context)
