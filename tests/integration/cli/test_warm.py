"""`plg warm`."""

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from dependency_injector import providers

from plg.application.records.warm_records import WarmRecords
from plg.container import Container
from plg.domain.records.players import KillerBiId
from plg.entrypoints.simulator.app import Simulator
from tests.integration.cli.conftest import CommandLine

FAST = ("--rate", "10000")


@pytest.fixture
def ids(run: CommandLine) -> Path:
    path = run.folder / "ids"
    path.write_text("".join(f"KB-{number:06d}\n" for number in range(1, 21)))
    return path


def kept_states(run: CommandLine) -> list[Path]:
    return list((run.folder / "data").glob("warm/*"))


def test_players_of_a_list_are_cached(run: CommandLine, ids: Path, simulator: Simulator) -> None:
    result = run("warm", str(ids), *FAST)

    told = "20 ids: 20 warmed, 0 already fresh, 0 no match, 0 failed\n"
    assert (result.exit_code, result.stdout) == (0, told)
    assert (simulator.stats.calls, run.json("cache", "stats")["players"]["entries"]) == (20, 20)


def test_players_that_are_fresh_are_not_asked_for_again(
    run: CommandLine, ids: Path, simulator: Simulator
) -> None:
    run("warm", str(ids), *FAST)
    result = run("warm", str(ids), *FAST)

    assert "0 warmed, 20 already fresh" in result.stdout
    assert simulator.stats.calls == 20


def test_a_list_may_have_blank_lines_and_a_byte_order_mark(run: CommandLine, ids: Path) -> None:
    ids.write_bytes(b"\xef\xbb\xbf KB-000001\r\n\r\n\nKB-000002")

    assert run("warm", str(ids), *FAST).stdout.startswith("2 ids: 2 warmed")


def test_each_id_is_counted_for_what_became_of_it(run: CommandLine, ids: Path) -> None:
    ids.write_bytes(b"KB-000001\nKB-000001\nKB-nobody\nb\xffd\n")
    result = run("warm", str(ids), *FAST, "--concurrency", "1", "--json")

    counts = {"ids": 4, "warmed": 1, "fresh": 1, "no_match": 1, "failed": 1}
    assert json.loads(result.stdout) == counts | {"reasons": {"invalid_parameter": 1}}
    told = "Error: 1 id failed: 1 invalid_parameter.\n"
    assert (result.exit_code, result.stderr) == (1, told)


def test_ids_that_failed_are_listed(run: CommandLine, ids: Path, simulator: Simulator) -> None:
    run.env["BREAKER_FAILURES_MAX"] = "100"
    simulator.control(error_ratio=1, error_status=500)
    result = run("warm", str(ids), *FAST, "--failed", "failed")

    assert (result.exit_code, "20 failed" in result.stdout) == (1, True)
    assert (run.folder / "failed").read_text() == ids.read_text()


def test_a_player_that_is_stale_and_cannot_be_refreshed_has_failed(
    run: CommandLine, ids: Path, simulator: Simulator
) -> None:
    run.env["CACHE_TTL_SECONDS"] = "0"
    run("warm", str(ids), *FAST)
    simulator.control(error_ratio=1, error_status=500)
    run.env["BREAKER_FAILURES_MAX"] = "100"

    assert "20 failed" in run("warm", str(ids), *FAST).stdout


def test_what_was_finished_leaves_no_state_behind(run: CommandLine, ids: Path) -> None:
    run("warm", str(ids), *FAST)

    assert kept_states(run) == []


def impatient(container: Container) -> None:
    warm = WarmRecords(container.players(), KillerBiId.parse, container.clock(), patience_seconds=0)
    container.player.warm.override(providers.Object(warm))


@pytest.fixture
def stopped(run: CommandLine, ids: Path, simulator: Simulator) -> Result:
    """A run that stopped after two failures, because the source was down."""
    run.env["BREAKER_FAILURES_MAX"] = "2"
    run.change = impatient
    simulator.control(error_ratio=1, error_status=500)
    result = run("warm", str(ids), *FAST, "--concurrency", "1", "--failed", "failed")
    simulator.control(error_ratio=0)
    return result


def test_a_source_that_stays_down_stops_the_run(stopped: Result) -> None:
    assert stopped.exit_code == 1
    assert stopped.stderr == (
        "Error: The source is down; stopped after 2 of 20 ids: "
        "the same command goes on from there.\n"
    )


def test_a_run_goes_on_and_tells_of_the_whole(run: CommandLine, ids: Path, stopped: Result) -> None:
    result = run("warm", str(ids), *FAST, "--failed", "failed")

    assert result.exit_code == stopped.exit_code
    assert result.stderr.startswith("Going on after the first 2 of 20 ids.\n")
    assert result.stdout == "20 ids: 18 warmed, 0 already fresh, 0 no match, 2 failed\n"
    assert (run.folder / "failed").read_text() == "KB-000001\nKB-000002\n"


@pytest.mark.usefixtures("stopped")
def test_a_run_begins_anew_when_told_to(run: CommandLine, ids: Path) -> None:
    assert run("warm", str(ids), *FAST, "--restart").stdout.startswith("20 ids: 20 warmed")


@pytest.mark.usefixtures("stopped")
def test_a_list_that_has_changed_is_begun_anew(run: CommandLine, ids: Path) -> None:
    ids.write_text("KB-000001\n")

    assert run("warm", str(ids), *FAST).stdout.startswith("1 id: 1 warmed")


@pytest.mark.usefixtures("stopped")
def test_state_that_cannot_be_read_is_a_new_beginning(run: CommandLine, ids: Path) -> None:
    for path in kept_states(run):
        path.write_text("{")

    assert run("warm", str(ids), *FAST).stdout.startswith("20 ids: 20 warmed")


def test_a_list_on_standard_input_is_read(run: CommandLine) -> None:
    result = run("warm", "-", *FAST, stdin="KB-000001\n")

    assert result.stdout.startswith("1 id: 1 warmed")
    assert (
        result.stderr == "From standard input: if this is stopped, it cannot be taken up again.\n"
    )


def test_a_list_that_does_not_exist_is_wrong_use(run: CommandLine) -> None:
    assert run("warm", "nowhere").exit_code == 2


def test_state_that_cannot_be_kept_is_one_sentence(run: CommandLine, ids: Path) -> None:
    (run.folder / "data" / "warm").write_text("in the way")
    result = run("warm", str(ids), *FAST)

    assert (result.exit_code, "cannot be written" in result.stderr) == (1, True)


@pytest.fixture
def vins(run: CommandLine) -> Path:
    path = run.folder / "vins"
    path.write_text("".join(f"WVWZZZE1ZMP0000{number}\n" for number in range(11, 31)))
    return path


@pytest.mark.parametrize("kind", ["vehicle_static", "vehicle_dynamic"])
def test_vehicles_of_a_list_are_cached(
    run: CommandLine, vins: Path, simulator: Simulator, kind: str
) -> None:
    run.env["VEHICLE_API_BASE_URL"] = run.env.pop("EXTERNAL_API_BASE_URL")
    result = run("warm", "--resource", kind, str(vins), *FAST)
    again = run("warm", "--resource", kind, str(vins), *FAST)

    told = "20 ids: 20 warmed, 0 already fresh, 0 no match, 0 failed\n"
    assert (result.exit_code, result.stdout) == (0, told)
    assert "20 already fresh" in again.stdout
    assert (simulator.stats.calls, run.json("cache", "stats")[kind]["entries"]) == (20, 20)


def test_what_is_no_vin_has_failed(run: CommandLine) -> None:
    given = "wvwzzze1zmp000011\nKB-000001\nWVWZZZE1ZMP000000\n"
    result = run("warm", "--resource", "vehicle_static", "-", *FAST, "--json", stdin=given)

    counts = {"ids": 3, "warmed": 1, "fresh": 0, "no_match": 1, "failed": 1}
    assert json.loads(result.stdout) == counts | {"reasons": {"invalid_parameter": 1}}


def test_what_was_observed_while_warming_is_kept(run: CommandLine, vins: Path) -> None:
    run("warm", "--resource", "vehicle_dynamic", str(vins), *FAST)
    with closing(sqlite3.connect(run.folder / "data" / "db.sqlite3")) as connection:
        held = connection.execute("SELECT DISTINCT vin FROM vehicle_observations").fetchall()

    assert len(held) == 20


@pytest.mark.usefixtures("stopped")
def test_a_run_for_another_kind_does_not_go_on_from_there(run: CommandLine, ids: Path) -> None:
    result = run("warm", "--resource", "vehicle_static", str(ids), *FAST)

    assert "Going on" not in result.stderr
    assert result.stdout.startswith("20 ids: ")
    assert run("warm", str(ids), *FAST).stderr.startswith("Going on after the first 2")


class Interrupting(httpx.AsyncBaseTransport):
    """Presses Ctrl-C at the third call."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.calls = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.calls == 3:
            signal.raise_signal(signal.SIGINT)
        return await self.inner.handle_async_request(request)


@pytest.mark.parametrize(
    ("file", "advice"),
    [("ids", "the same command goes on from there"), ("-", "what is cached stays cached")],
)
def test_ctrl_c_tells_how_to_go_on(run: CommandLine, ids: Path, file: str, advice: str) -> None:
    run.transport = Interrupting(run.transport)
    result = run("warm", file, "--concurrency", "1", *FAST, stdin=ids.read_bytes())

    assert result.exit_code == 1
    assert result.stderr.endswith(f"Error: Stopped after 2 of 20 ids: {advice}.\n")
    assert run.json("cache", "stats")["players"]["entries"] >= 2
