"""Commands where the databases are on a server."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from tests.integration.cli.conftest import CommandLine
from tests.integration.servers import SERVERS, fresh


@pytest.fixture(params=[*SERVERS])
def run(request: pytest.FixtureRequest, run: CommandLine) -> Iterator[CommandLine]:
    """Commands on a database without tables, for both lines."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        url = runner.run(stack.enter_async_context(fresh(SERVERS[request.param], "cli")))
        run.env["DATABASE_URL"] = run.env["CACHE_DATABASE_URL"] = url
        yield run
        runner.run(stack.aclose())


def test_what_is_not_migrated_is_said_with_the_command_to_run(run: CommandLine) -> None:
    listed, examined = run("accounts", "list"), run("doctor")

    assert (listed.exit_code, "run `plg migrate`" in listed.stderr) == (1, True)
    assert "wrong   durable database: has no tables of PLG yet\n        -> run plg migrate" in (
        examined.stdout
    )


def test_migrate_makes_tables_and_says_so_once(run: CommandLine) -> None:
    first, second = run("migrate", "--wait", "5"), run("migrate")

    assert first.stdout.startswith("durable: made at ")
    assert second.stdout.startswith("durable: at ")
    assert run("accounts", "create", "ana@example.org").exit_code == 0
    assert run.json("accounts", "list")[0]["email"] == "ana@example.org"
    assert "all fits" in run("ledger", "verify").stdout
    assert "players  0 entries" in run("cache", "stats").stdout


def test_copies_are_made_with_the_servers_own_tools(run: CommandLine) -> None:
    refused = run("backup", "copy.sqlite3")

    assert (refused.exit_code, "pg_dump" in refused.stderr) == (2, True)


def test_a_server_that_is_not_there_is_named(run: CommandLine) -> None:
    run.env["DATABASE_URL"] = "mysql://plg:s3cr3t@127.0.0.1:9/plg"
    refused = run("accounts", "list")

    assert refused.exit_code == 1
    assert "The database plg at 127.0.0.1 cannot be used: Can't connect" in refused.stderr
    assert "s3cr3t" not in refused.stderr
