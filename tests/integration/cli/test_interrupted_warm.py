"""`plg warm`, interrupted: as processes, because a signal is what interrupts it."""

import json
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.cli.processes import started
from tests.ports import reserved_port

COUNT = 400
SLOWLY = ("--rate", "100", "--concurrency", "4")
AT_ONCE = ("--rate", "10000", "--concurrency", "4")


@pytest.fixture
def ids(tmp_path: Path) -> Path:
    path = tmp_path / "ids"
    path.write_text("".join(f"KB-{number:06d}\n" for number in range(1, COUNT + 1)))
    return path


def kept(folder: Path) -> dict[str, Any]:
    paths = list(folder.glob("data/warm/*.json"))
    state: dict[str, Any] = json.loads(paths[0].read_bytes()) if paths else {}
    return state


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_run_goes_on_where_the_last_one_stopped(
    tmp_path: Path, ids: Path, number: signal.Signals
) -> None:
    port = str(reserved_port())
    env = {"EXTERNAL_API_BASE_URL": f"http://127.0.0.1:{port}"}
    with started(tmp_path, "simulate", "--port", port, env={}) as source:
        source.until(lambda: "Simulated" in source.stderr)
        with started(tmp_path, "warm", str(ids), *SLOWLY, env=env) as first:
            first.until(lambda: kept(tmp_path))
            status = first.end(number)
        done = sum(kept(tmp_path)["tally"].values())
        with started(tmp_path, "warm", str(ids), *AT_ONCE, env=env) as second:
            assert second.wait() == 0
        calls = httpx.get(f"http://127.0.0.1:{port}/_stats").json()["calls"]

    assert status == (1 if number is signal.SIGINT else -signal.SIGKILL)
    if number is signal.SIGINT:
        told = f"Stopped after {done} of {COUNT} ids: the same command goes on from there."
        assert told in first.stderr
    assert f"Going on after the first {done} of {COUNT} ids." in second.stderr
    assert second.stdout.startswith(f"{COUNT} ids: ")
    assert 0 < done < COUNT <= calls <= COUNT + 8
