"""
Several processes on one socket, and how each of them ends.

A worker has to answer its parent within seconds, and imports this module before it can: it imports
nothing of the app.
"""

import asyncio
import select
import signal
import socket
from collections.abc import Callable
from typing import Final

import structlog
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

READY_SECONDS: Final = 60.0
_TURNS_TO_READ: Final = 10
"""Of the event loop, which take no time: enough to read what who was accepted has sent."""

_log = structlog.get_logger("plg.serving")


class LastingServer(uvicorn.Server):
    """A server that answers, before it closes, who has connected by then."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept what waits to be accepted and read what it has sent; then stop as ever."""
        who_waits = select.poll()
        for server in self.servers:
            for listener in server.sockets:
                who_waits.register(listener.fileno(), select.POLLIN)
        for _ in range(self.config.backlog):  # uvloop accepts one in each turn
            if not who_waits.poll(0):
                break
            await asyncio.sleep(0)
        for _ in range(_TURNS_TO_READ):
            await asyncio.sleep(0)
        await super().shutdown(sockets)


class _Worker(Process):
    @property
    def server(self) -> uvicorn.Server:
        if self._server is None:
            self._server = LastingServer(self.config)
        return self._server


class Workers(Multiprocess):
    """
    Workers on one socket, which is closed as soon as they are told to stop.

    Args:
        on_death: Called for each that has died and is replaced.
        may_reload: Tells whether other workers could serve what is declared now.
        on_reload: Called once they do.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        sockets: list[socket.socket],
        on_death: Callable[[], None],
        may_reload: Callable[[], bool],
        on_reload: Callable[[], None],
    ) -> None:
        super().__init__(config, sockets)
        signal.signal(signal.SIGHUP, self._queue_once)  # several workers may ask for one reload
        self._on_death = on_death
        self._may_reload = may_reload
        self._on_reload = on_reload

    def handle_hup(self) -> None:
        """Have others serve what is declared now, unless there is a mistake in it."""
        if self._may_reload():
            self.restart_all()
            self._on_reload()

    def restart_all(self) -> None:
        """Let each worker finish and end when another one serves in its place."""
        for index, worker in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            another = self._started()
            if not another.wait_until_ready(READY_SECONDS, self.should_exit):
                another.kill()
                another.join()
                _log.error("a new worker was not ready in time: the rest stay", pid=another.pid)
                return
            worker.terminate()
            worker.join()
            self.processes[index] = another

    def init_processes(self) -> None:
        self.processes = [self._started() for _ in range(self.processes_num)]

    def keep_subprocess_alive(self) -> None:
        """Replace workers that have died, or that do not answer and are killed."""
        for index, worker in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if worker.is_alive(self.config.timeout_worker_healthcheck):
                continue
            is_hung = worker.process.is_alive()
            worker.kill()
            worker.join()
            _log.warning(
                "a worker has died", pid=worker.pid, status=worker.exitcode, was_hung=is_hung
            )
            if worker.exitcode == STARTUP_FAILURE:  # another one would fail, too
                self.should_exit.set()
                return
            self._on_death()
            self.processes[index] = self._started()

    def terminate_all(self) -> None:
        for each in self.sockets:
            each.close()  # or who comes while they finish is let in, and waits for nobody
        super().terminate_all()

    def _queue_once(self, number: int, _frame: object) -> None:
        if number not in self.signal_queue:
            self.signal_queue.append(number)

    def _started(self) -> Process:
        worker = _Worker(self.config, self.sockets)
        worker.start()
        return worker
