"""Threads that must not end unnoticed."""

import threading
from collections.abc import Callable

OnEnd = Callable[[str, BaseException], None]
"""Is given the name of what ended, and why; called in the thread that ends."""


class LastingThread(threading.Thread):
    """
    Does its work once it is started; where that ends in an error, says so.

    Args:
        work: Returns when it is told to stop, and raises only what it cannot go on after.
    """

    def __init__(self, name: str, work: Callable[[], None], on_end: OnEnd) -> None:
        super().__init__(name=f"plg-{name}", daemon=True)
        self._work, self._what, self._on_end = work, name, on_end

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - whatever it was, nobody else would know
            self._on_end(self._what, error)
