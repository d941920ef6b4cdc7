"""A gateway on one data folder that is killed and started again; its source stays."""

import json
import os
import resource
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import httpx
from sqlalchemy import URL, Connection, NullPool, create_engine, make_url

from tests.commands import Command, bare_environment
from tests.integration.cli.processes import started
from tests.ports import reserved_port

PATIENCE_SECONDS: Final = 120.0
SMALL_BYTES: Final = 1 << 30
RATE: Final = "900000000/second"
_UNLIMITED: Final = {
    "RATE_LIMIT_BURST": RATE,
    "RATE_LIMIT_SUSTAINED": RATE,
    "RATE_LIMIT_SOURCE_CALLS": RATE,
}


@dataclass(frozen=True, slots=True)
class Holder:
    """An account with a key, and what it may do in a day."""

    account_id: str
    key: str
    requests_per_day: int | None = None
    vins_per_day: int | None = None


class Server:
    """A process of `plg serve`, with its workers a group of processes."""

    def __init__(self, process: Command, port: int, log: Path) -> None:
        self.port = port
        self._process = process
        self._log = log

    def wait(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{self.port}/health/live").raise_for_status()
                return
            time.sleep(0.02)
        raise AssertionError(f"it does not start: {self.last_words()}")

    def kill(self) -> None:
        """End it and its workers at once."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE_SECONDS)

    def stop(self) -> None:
        """Tell it to end, and wait until it has."""
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(PATIENCE_SECONDS)
        assert status == 0, f"it ended with {status}: {self.last_words()}"

    def close(self) -> None:
        """End it if it still runs."""
        if self._process.poll() is None:
            self.kill()

    def last_words(self) -> str:
        return self._log.read_text(errors="replace")[-2000:]

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """Let none of its files grow."""
        limits = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, limits)


@dataclass(frozen=True, slots=True)
class Installation:
    """
    A folder with the data of a gateway.

    Attributes:
        env: What is set for every command.
        url: Of the durable database, for who reads it meanwhile.
    """

    folder: Path
    env: dict[str, str]
    url: URL

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, database: str | None = None) -> Iterator[Self]:
        """Run its source as long as it is needed; the database may be one on a server."""
        port = reserved_port()
        source = f"http://127.0.0.1:{port}"
        env = {
            **_UNLIMITED,
            "EXTERNAL_API_BASE_URL": source,
            "VEHICLE_API_BASE_URL": source,
            "DEFAULT_PLAN": "enterprise",
            "API_KEEP_ALIVE_SECONDS": "600",
            "REQUEST_LOG_RATIO": "0.1",
        }
        args = ("simulate", "--port", str(port), "--players", "100000000", "--latency", "0.01")
        with started(folder, *args, env={}) as simulator:
            simulator.until(lambda: "Simulated source" in simulator.stderr)
            if database is None:
                yield cls(folder, env, make_url(f"sqlite:///{folder / 'data' / 'db.sqlite3'}"))
                return
            url = make_url(database)
            driver = "postgresql+psycopg" if "postgresql" in url.drivername else "mysql+pymysql"
            opened = cls(folder, {**env, "DATABASE_URL": database}, url.set(drivername=driver))
            opened._json("migrate", "--line", "durable")
            yield opened

    @property
    def is_on_server(self) -> bool:
        return self.url.host is not None

    def holder(self, name: str, requests: int | None = None, vins: int | None = None) -> Holder:
        """Make an account with a key."""
        email = f"{name}@example.org"
        account_id = self._json("accounts", "create", email, "--link")["id"]
        if requests is not None or vins is not None:
            wished = ("--requests-per-day", requests), ("--vins-per-day", vins)
            options = [str(each) for pair in wished if pair[1] is not None for each in pair]
            self._json("plans", "override", email, *options)
        issued = self._json("keys", "issue", "--account", email, "--name", name)
        return Holder(account_id, issued["key"], requests, vins)

    def start(self, **own: str) -> Server:
        """Start the gateway; it may not answer yet."""
        port, log = reserved_port(), self.folder / "serve.log"
        with log.open("ab") as output:
            process = Command(
                ["serve"],
                cwd=self.folder,
                env=bare_environment({**self.env, "API_PORT": str(port), **own}),
                stdout=output,
                stderr=output,
                is_leader=True,
            )
        return Server(process, port, log)

    def verify(self) -> list[str]:
        """Return what `plg ledger verify` does not like."""
        report = self._json("ledger", "verify", may_fail=True)
        return [f"plg ledger verify: {each}" for each in report["differences"]]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from writing to the database; on a server, from counting anything."""
        locks = {
            "sqlite": ("PRAGMA busy_timeout = 20000", "BEGIN IMMEDIATE"),
            "postgresql": ("LOCK TABLE ledger_accounts IN EXCLUSIVE MODE",),
            "mysql": ("SELECT * FROM ledger_accounts FOR UPDATE",),
        }
        with self.connection() as connection:
            for statement in locks[self.url.get_backend_name()]:
                connection.exec_driver_sql(statement)
            yield

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Connect to the database; what is done there is taken back in the end."""
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    @contextmanager
    def without_space(self, server: Server) -> Iterator[None]:
        """
        Let nothing be written, as on a full disk.

        A small file system is filled up; on another one, which others use too, the server may not
        make its files longer.
        """
        if shutil.disk_usage(self.folder).total > SMALL_BYTES:
            with server.bounded():
                yield
            return
        filler = self.folder / "filler"
        try:
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
            yield
        finally:
            filler.unlink()

    def _json(self, *args: str, may_fail: bool = False) -> Any:  # noqa: ANN401 - any JSON
        with started(self.folder, *args, "--json", env=self.env) as done:
            assert done.wait() == 0 or may_fail, done.stderr
        return json.loads(done.stdout)
