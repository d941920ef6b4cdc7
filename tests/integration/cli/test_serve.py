"""`plg serve` as a process."""

import os
import signal
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from plg.adapters.files.gateways import LockedGateways
from tests.integration.cli.conftest import CommandLine
from tests.integration.cli.processes import started
from tests.ports import reserved_port

KEY = "a-key-that-is-long-enough"


@pytest.fixture
def env() -> dict[str, str]:
    return {
        "API_PORT": str(reserved_port()),
        "API_KEY": KEY,
        "EXTERNAL_API_BASE_URL": f"http://127.0.0.1:{reserved_port()}",
    }


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_when_it_says_so_and_stops_with_0(
    tmp_path: Path, env: dict[str, str], number: signal.Signals
) -> None:
    with started(tmp_path, "serve", env=env) as gateway:
        gateway.until(lambda: "PLG answers on http://localhost" in gateway.stderr)
        address = f"http://127.0.0.1:{env['API_PORT']}"

        assert httpx.get(f"{address}/health/ready").status_code == 200
        assert gateway.end(number) == 0


def test_a_player_is_served_from_the_source(tmp_path: Path, env: dict[str, str]) -> None:
    port = str(reserved_port())
    env["EXTERNAL_API_BASE_URL"] = f"http://127.0.0.1:{port}"
    with (
        started(tmp_path, "simulate", "--port", port, env={}) as source,
        started(tmp_path, "serve", env=env) as gateway,
    ):
        source.until(lambda: "Simulated source with 1000 players" in source.stderr)
        gateway.until(lambda: "PLG answers" in gateway.stderr)
        answer = httpx.get(
            f"http://127.0.0.1:{env['API_PORT']}/api/v1/players/KB-000001",
            headers={"X-API-Key": KEY},
        )

        assert (answer.status_code, answer.json()["killer_bi_id"]) == (200, "KB-000001")
        assert (gateway.end(), source.end()) == (0, 0)


def test_resources_are_declared_on_the_command_line_for_every_worker(
    tmp_path: Path, env: dict[str, str]
) -> None:
    port = str(reserved_port())
    del env["EXTERNAL_API_BASE_URL"]
    env["API_WORKERS"] = "2"
    people = f"people=http://127.0.0.1:{port}/players?killer_bi_id={{id}}"
    with (
        started(tmp_path, "simulate", "--port", port, env={}) as source,
        started(tmp_path, "serve", "--resource", people, env=env) as gateway,
    ):
        source.until(lambda: "Simulated source" in source.stderr)
        gateway.until(lambda: "PLG answers" in gateway.stderr)
        address = f"http://127.0.0.1:{env['API_PORT']}/api/v1/people/KB-000001"
        answer = httpx.get(address, headers={"X-API-Key": KEY})

        assert (answer.status_code, answer.json()[0]["killer_bi_id"]) == (200, "KB-000001")
        assert (gateway.end(), source.end()) == (0, 0)


def test_several_workers_are_one_gateway_and_stop_with_0(
    tmp_path: Path, env: dict[str, str]
) -> None:
    with started(tmp_path, "serve", env=env | {"API_WORKERS": "2"}) as gateway:
        gateway.until(lambda: "PLG answers" in gateway.stderr)

        assert gateway.end() == 0
        assert "other gateways" not in gateway.stderr


def test_a_second_gateway_on_a_data_folder_says_what_is_approximate(
    tmp_path: Path, env: dict[str, str]
) -> None:
    first = LockedGateways(tmp_path / "data" / "gateways")
    with first.serving(), started(tmp_path, "serve", env=env | {"DEFAULT_PLAN": "none"}) as second:
        second.until(lambda: "other gateways serve from this data folder" in second.stderr)

        assert f'"processes": [{os.getpid()}]' in second.stderr.replace('":[', '": [')
        assert "rate limits" in second.stderr


@pytest.mark.parametrize(
    ("key", "told", "remedy"),
    [
        (None, "only keys and log-ins of accounts are let in", "plg accounts create-admin"),
        ("short", "API_KEY has fewer than 20 characters", "secrets.token_urlsafe"),
    ],
)
def test_a_missing_or_weak_key_is_told_with_what_to_do(
    run: CommandLine, key: str | None, told: str, remedy: str
) -> None:
    run.env["API_KEY"] = key
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run.env["API_PORT"] = str(taken.getsockname()[1])
        result = run("serve")

    assert told in result.stderr
    assert remedy in result.stderr


def test_a_database_that_others_keep_locked_stops_the_start_with_what_to_do(
    run: CommandLine,
) -> None:
    run.env.update({"API_KEY": KEY, "API_PORT": str(reserved_port())})
    assert run("migrate").exit_code == 0
    assert run("accounts", "list").exit_code == 0  # which makes the signing keys
    with closing(sqlite3.connect(run.folder / "data" / "db.sqlite3")) as other:
        other.execute("BEGIN IMMEDIATE")
        result = run("serve")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "db.sqlite3 cannot be written: database is locked." in result.stderr
    assert "that no other program keeps it locked" in result.stderr


def test_a_port_that_is_taken_is_one_sentence(run: CommandLine) -> None:
    run.env["API_KEY"] = KEY
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = run.env["API_PORT"] = str(taken.getsockname()[1])
        result = run("serve")

    told = "is taken: end what listens there, or choose another port."
    assert (result.exit_code, result.stderr) == (1, f"Error: Port {port} of 127.0.0.1 {told}\n")


def test_an_address_that_is_not_ours_is_one_sentence(run: CommandLine) -> None:
    run.env.update({"API_KEY": KEY, "API_HOST": "192.0.2.1"})
    result = run("serve")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "of 192.0.2.1 cannot be listened on" in result.stderr
