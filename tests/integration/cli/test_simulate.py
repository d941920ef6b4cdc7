"""`plg simulate` as a process."""

import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.integration.cli.conftest import CommandLine
from tests.integration.cli.processes import started
from tests.ports import reserved_port


def test_options_become_faults(tmp_path: Path) -> None:
    port = str(reserved_port())
    options = ["--port", port, "--players", "3", "--latency", "0.01", "--no-etag"]
    with started(tmp_path, "simulate", *options, "--rate-limit-ratio", "0.5", env={}) as source:
        source.until(lambda: "Simulated source with 3 players" in source.stderr)
        faults = httpx.get(f"http://127.0.0.1:{port}/_control").json()

        told = {name: faults[name] for name in ("players", "latency", "etag", "rate_limit_ratio")}
        expected = {"players": 3, "latency": 0.01, "etag": False, "rate_limit_ratio": 0.5}
        assert told == expected
        assert source.end(signal.SIGINT) == 0


def test_declared_resources_are_served_where_their_file_says(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        '[source.erp]\nbase_url = "${ERP}"\n'
        '[resource.items]\nsource = "erp"\nget = "/items/{sku}"\nmatch = "/sku"\n'
    )
    port = str(reserved_port())
    env = {"ERP": f"http://127.0.0.1:{port}/v2"}
    options = ["--port", port, "--resources", "own.toml"]
    with started(tmp_path, "simulate", *options, env=env) as source:
        source.until(lambda: f"{port}/v2/items/" in source.stderr)
        found = httpx.get(f"http://127.0.0.1:{port}/v2/items/a%2Fb").json()

        assert found["sku"] == "a/b"
        assert source.end(signal.SIGINT) == 0


@pytest.mark.parametrize(
    "options", [["--error-ratio", "2"], ["--players", "-1"], ["--players", "1000000000000"]]
)
def test_an_option_out_of_bounds_is_wrong_use(run: CommandLine, options: list[str]) -> None:
    assert run("simulate", *options).exit_code == 2


def test_a_port_that_is_taken_is_one_sentence(run: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("simulate", "--port", str(taken.getsockname()[1]))

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
