"""Databases on servers: one of its own for each process that runs tests, emptied for each test."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import URL, Connection, inspect, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from plg.adapters.sql.database.migrations import upgrade
from plg.adapters.sql.database.versions import Line

CONNECT_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Server:
    """
    A database server that tests may make databases on.

    Attributes:
        variable: Names another one, as a URL without a database.
        default: Where it usually is.
        first: The database that is there already.
        databases: Lists those of tests.
        options: With which one is made.
    """

    name: str
    variable: str
    default: str
    first: str
    databases: str
    options: str = ""

    @property
    def url(self) -> URL:
        return make_url(os.environ.get(self.variable, self.default))

    @property
    def is_there(self) -> bool:
        return _answers(self.url.host or "", self.url.port or 0)

    def database(self, name: str) -> str:
        """Return the URL of a database on it."""
        return self.url.set(database=name).render_as_string(hide_password=False)


POSTGRESQL: Final = Server(
    "postgresql",
    "TEST_POSTGRESQL",
    "postgresql+psycopg://postgres@127.0.0.1:5432",
    "postgres",
    "SELECT datname FROM pg_database WHERE datname LIKE 'plg_test_%'",
)
MARIADB: Final = Server(
    "mariadb",
    "TEST_MARIADB",
    "mysql+aiomysql://root@127.0.0.1:3306",
    "mysql",
    "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'plg_test_%'",
    "CHARACTER SET utf8mb4",
)
SERVERS: Final = {each.name: each for each in (POSTGRESQL, MARIADB)}


def _need(server: Server) -> None:
    """Skip the test where the server does not answer; where services are required, fail."""
    if not server.is_there:
        reason = f"{server.name} does not answer at {server.url.host}:{server.url.port}"
        if os.environ.get("SERVICES_REQUIRED"):
            pytest.fail(reason)
        pytest.skip(reason)


@asynccontextmanager
async def emptied(server: Server, line: Line = Line.DURABLE) -> AsyncIterator[str]:
    """Have a migrated database without rows; give its URL. Skip where the server is not there."""
    _need(server)
    url, seeds = _migrated(server, line)
    async with _engine(url) as engine, engine.begin() as connection:
        await connection.run_sync(_empty, seeds)
    yield url


@asynccontextmanager
async def fresh(server: Server, purpose: str) -> AsyncIterator[str]:
    """Make a database for one test, and remove it; give its URL."""
    _need(server)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw")
    name = f"plg_test_{os.getpid()}_{worker}_{purpose}"
    await _make(server, name)
    yield server.database(name)
    await _remove(server, name)


Seeds = Mapping[str, Sequence[Mapping[str, Any]]]


@cache
def _migrated(server: Server, line: Line) -> tuple[str, Seeds]:
    """Make the database of this process anew; return what stands in each table of the line."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw")
    name = f"plg_test_{os.getpid()}_{worker}_{line}"

    async def make() -> Seeds:
        await _make(server, name)
        async with _engine(server.database(name)) as engine:
            await upgrade(engine, line)
            async with engine.connect() as connection:
                return await connection.run_sync(_rows, line)

    with ThreadPoolExecutor(1) as thread:  # a test has an event loop already
        seeds = thread.submit(asyncio.run, make()).result()
    return server.database(name), seeds


def _rows(connection: Connection, line: Line) -> Seeds:
    names = inspect(connection).get_table_names()
    return {
        name: [dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()]
        for name in names
        if name != f"plg_{line}_version"
    }


async def _make(server: Server, name: str) -> None:
    """Make a database; remove those whose process is gone."""
    async with _administering(server) as connection:
        for (known,) in await connection.execute(text(server.databases)):
            pid = known.split("_")[2]
            if pid.isdigit() and not Path("/proc", pid).exists():
                await connection.execute(text(f"DROP DATABASE IF EXISTS {known}"))
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        await connection.execute(text(f"CREATE DATABASE {name} {server.options}"))


async def _remove(server: Server, name: str) -> None:
    async with _administering(server) as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))


@asynccontextmanager
async def _administering(server: Server) -> AsyncIterator[AsyncConnection]:
    async with _engine(server.database(server.first)) as engine:
        apart = engine.execution_options(isolation_level="AUTOCOMMIT")
        async with apart.connect() as connection:
            yield connection


@asynccontextmanager
async def _engine(url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(url)
    try:
        yield engine
    finally:
        await engine.dispose()


def _empty(connection: Connection, seeds: Seeds) -> None:
    tables = [each for each in seeds if _has_rows(connection, each)]
    if not tables:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))  # no guards
        connection.execute(text(f"TRUNCATE TABLE {', '.join(tables)} CASCADE"))
    else:
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        for table in tables:
            connection.execute(text(f"TRUNCATE TABLE {table}"))
    for table, rows in seeds.items():
        for row in rows:
            columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)


def _has_rows(connection: Connection, table: str) -> bool:
    return connection.execute(text(f"SELECT 1 FROM {table} LIMIT 1")).first() is not None


@cache
def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), CONNECT_SECONDS):
            return True
    except OSError:
        return False
