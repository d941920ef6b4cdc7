"""Work that goes on for as long as the process serves."""

import asyncio

from plg.application.ports.observer import ObserverPort


class Background:
    """
    Knows which of it has ended by itself, through a fault in PLG: nothing begins it again.

    Threads may call it, too.
    """

    def __init__(self, observer: ObserverPort) -> None:
        self._observer = observer
        self._has_ended = False

    @property
    def has_ended(self) -> bool:
        """Tell whether any of it has ended."""
        return self._has_ended

    def watch(self, task: "asyncio.Task[None]") -> None:
        """Take note should a task, whose name says what it does, end before it is cancelled."""
        task.add_done_callback(self._done)

    def ended(self, name: str, error: BaseException) -> None:
        """Take note of work that has ended, and of why."""
        self._has_ended = True
        self._observer.work_ended(name, error)

    def _done(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.ended(task.get_name(), error)
