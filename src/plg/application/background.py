"""Work that is done again and again for as long as the process serves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from plg.application.ports.observer import ObserverPort
from plg.domain.errors import PlgError


@dataclass(frozen=True, slots=True)
class Job:
    """
    One such work.

    Attributes:
        name: Names it in metrics and logs.
        work: Does it once; what it returns is true where more waits to be done at once.
        pause: Tells the seconds until it is done again.
        is_needed_at_start: Whether it is done once before anybody is served.
        is_done_at_end: Whether it is done once more when the process stops.
    """

    name: str
    work: Callable[[], Awaitable[object]]
    pause: Callable[[], float]
    is_needed_at_start: bool = False
    is_done_at_end: bool = False


def every(seconds: float) -> Callable[[], float]:
    """Return a pause that is always as long."""
    return lambda: seconds


class Background:
    """
    Runs jobs, each by itself: none waits for another.

    A failure (`PlgError`) is told, and the job continues. What else ends a job is a fault in PLG:
    nothing begins it again, and health says so. Threads may call `ended`, too.
    """

    def __init__(
        self,
        observer: ObserverPort,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._observer = observer
        self._sleep = sleep
        self._has_ended = False

    @property
    def has_ended(self) -> bool:
        """Tell whether any of it has ended."""
        return self._has_ended

    def ended(self, name: str, error: BaseException) -> None:
        """Take note of work that has ended, and of why."""
        self._has_ended = True
        self._observer.work_ended(name, error)

    @asynccontextmanager
    async def running(self, jobs: Sequence[Job]) -> AsyncIterator[None]:
        """
        Run the jobs within the block.

        Raises:
            Exception: At the end of the block, what ended a job.
        """
        tasks = [asyncio.create_task(self._repeat(job), name=job.name) for job in jobs]
        for task in tasks:
            task.add_done_callback(self._done)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            for job in jobs:
                if job.is_done_at_end:
                    await self.attempt(job)
        for failure in ended:
            if isinstance(failure, Exception):
                raise failure

    async def attempt(self, job: Job) -> object:
        """Do a job once, and tell whether more of it waits; a failure is told."""
        more: object = None
        try:
            more = await job.work()
        except* PlgError as failures:
            for failure in failures.exceptions:
                self._observer.background_failed(job.name, failure)
        return more

    async def _repeat(self, job: Job) -> None:
        while True:
            if not await self.attempt(job):
                await self._sleep(job.pause())

    def _done(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.ended(task.get_name(), error)
