"""`plg doctor`."""

import json
import os
import sqlite3
import time
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from plg.adapters.sql.database.versions import Line, head
from plg.entrypoints.cli.doctor.examine_settings import examine_folder, examine_space
from plg.entrypoints.cli.doctor.findings import Verdict
from plg.entrypoints.simulator.app import Simulator
from tests.integration.cli.conftest import CommandLine

MIB = 1024 * 1024
KEY = "a-key-that-is-long-enough"


@pytest.fixture
def sound(run: CommandLine) -> CommandLine:
    run.env |= {"API_KEY": KEY, "REGISTRATION": "closed"}
    run("migrate")
    run("accounts", "create-admin", "root@example.org")
    return run


def findings(run: CommandLine) -> dict[str, dict[str, Any]]:
    return {
        item["subject"]: item for item in json.loads(run("doctor", "--json").stdout)["findings"]
    }


def answering(answer: Callable[[Request], Response]) -> httpx.ASGITransport:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(Request(scope))(scope, receive, send)

    return httpx.ASGITransport(app=app)


class Unreachable(httpx.AsyncBaseTransport):
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
        raise self.error


def test_where_all_is_well_nothing_is_wrong(sound: CommandLine, simulator: Simulator) -> None:
    result = sound("doctor")

    verdicts = {line.split()[0] for line in result.stdout.splitlines()}
    assert (result.exit_code, verdicts - {"->"}, simulator.stats.calls) == (0, {"ok", "remark"}, 2)
    assert result.stdout.count("remark") == 1  # a 404 is all that a source of vehicles can say


def test_before_the_first_start_it_says_what_makes_databases(fresh: CommandLine) -> None:
    result = fresh("doctor")

    assert result.exit_code == 0
    assert "remark  data folder data: does not exist yet" in result.stdout
    assert "remark  durable database: not made yet" in result.stdout


def test_nothing_is_made_by_looking(fresh: CommandLine) -> None:
    fresh("doctor")

    assert list(fresh.folder.iterdir()) == []


def test_a_weak_key_is_a_remark(sound: CommandLine) -> None:
    sound.env["API_KEY"] = "short"
    found = findings(sound)["API_KEY"]

    assert (found["verdict"], "secrets.token_urlsafe" in found["advice"]) == ("remark", True)
    assert sound("doctor").exit_code == 0


def test_no_service_key_is_fine(sound: CommandLine) -> None:
    sound.env["API_KEY"] = None

    assert findings(sound)["API_KEY"]["verdict"] == "ok"


def test_several_processes_without_redis_are_a_remark(sound: CommandLine) -> None:
    sound.env["API_WORKERS"] = "4"

    assert "rate limits multiply by 4" in findings(sound)["API_WORKERS"]["detail"]


def test_no_source_is_wrong(sound: CommandLine) -> None:
    del sound.env["EXTERNAL_API_BASE_URL"]

    assert "EXTERNAL_API_BASE_URL" in findings(sound)["source"]["advice"]


def test_without_players_only_vehicles_are_asked(sound: CommandLine, simulator: Simulator) -> None:
    sound.env["VEHICLE_API_BASE_URL"] = sound.env.pop("EXTERNAL_API_BASE_URL")
    found = findings(sound)

    assert "none of players is set" in found["source"]["detail"]
    assert (found["vehicle source"]["verdict"], simulator.stats.calls) == ("remark", 1)


def test_a_source_of_vehicles_that_cannot_be_used_is_wrong(sound: CommandLine) -> None:
    sound.env["VEHICLE_API_BASE_URL"] = "http://vehicles.test"
    sound.vehicle_transport = answering(lambda _: Response(status_code=403))
    found = findings(sound)

    assert (found["source"]["verdict"], found["vehicle source"]["verdict"]) == ("ok", "wrong")
    assert "VEHICLE_API_HEADERS" in found["vehicle source"]["advice"]


def test_a_source_that_has_every_vehicle_is_wrong(sound: CommandLine) -> None:
    sound.vehicle_transport = answering(lambda _: JSONResponse({"make_name": "Any"}))

    assert "has a vehicle" in findings(sound)["vehicle source"]["detail"]


@pytest.mark.parametrize(
    ("transport", "detail"),
    [
        (Unreachable(httpx.ConnectError("refused")), "cannot be reached: ConnectError: refused"),
        (
            Unreachable(ConnectionRefusedError(111, "x")),
            "cannot be reached: it refuses connections",
        ),
        (Unreachable(httpx.ReadTimeout("late")), "did not answer in time"),
        (answering(lambda _: Response(status_code=401)), "refuses PLG with status 401"),
        (answering(lambda _: Response(status_code=302)), "answers with status 302"),
        (
            answering(lambda _: Response("[]", media_type="text/html")),
            "breaks the contract (wrong_content)",
        ),
        (answering(lambda _: JSONResponse({"a": 1})), "breaks the contract (wrong_shape)"),
        (
            answering(lambda request: JSONResponse([dict(request.query_params)])),
            "has a player under a key that was made up",
        ),
    ],
)
def test_a_source_that_cannot_be_used_is_wrong(
    sound: CommandLine, transport: httpx.AsyncBaseTransport, detail: str
) -> None:
    sound.transport = transport
    found = findings(sound)["source"]

    assert (found["verdict"], found["detail"].startswith(detail)) == ("wrong", True), found
    assert sound("doctor").exit_code == 1


@pytest.mark.parametrize(
    ("subject", "command", "variable"),
    [
        ("source", "plg get player", "EXTERNAL_API_BASE_URL"),
        ("vehicle source", "plg get vehicle", "VEHICLE_API_BASE_URL"),
    ],
)
def test_a_404_may_be_a_wrong_address(
    sound: CommandLine, subject: str, command: str, variable: str
) -> None:
    sound.transport = answering(lambda _: Response(status_code=404))
    found = findings(sound)[subject]

    assert found["verdict"] == "remark"
    assert found["advice"].startswith(f"try {command} with a real id")
    assert variable in found["advice"]


def test_a_wrong_shape_is_answered_with_the_right_one(sound: CommandLine) -> None:
    sound.transport = answering(lambda _: JSONResponse({"a": 1}))
    sound.vehicle_transport = answering(lambda _: JSONResponse([]))
    found = findings(sound)

    assert '[{"killer_bi_id": "...", ...}]' in found["source"]["advice"]
    assert '{"vin": "...", ...}' in found["vehicle source"]["advice"]


def test_a_source_that_is_almost_too_slow_is_a_remark(sound: CommandLine) -> None:
    sound.env["EXTERNAL_API_TIMEOUT_SECONDS"] = "0.5"
    sound.env["EXTERNAL_API_ATTEMPT_TIMEOUT_SECONDS"] = "10"

    def slowly(_: Request) -> Response:
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            pass
        return JSONResponse([])

    sound.transport = answering(slowly)

    assert "EXTERNAL_API_TIMEOUT_SECONDS" in findings(sound)["source"]["advice"]


@pytest.mark.parametrize(
    ("offset", "verdict", "detail"),
    [
        (0, "ok", "within 60 s of the source's clock"),
        (630, "wrong", "10 min behind the source's"),
        (-630, "wrong", "10 min ahead of the source's"),
    ],
)
def test_the_clock_is_compared_with_the_source(
    sound: CommandLine, offset: float, verdict: str, detail: str
) -> None:
    date = {"date": formatdate(time.time() + offset, usegmt=True)}
    sound.transport = answering(lambda _: JSONResponse([], headers=date))
    found = findings(sound)["clock"]

    assert (found["verdict"], found["detail"]) == (verdict, detail)


def test_a_date_that_is_none_is_not_compared(sound: CommandLine) -> None:
    sound.transport = answering(lambda _: JSONResponse([], headers={"date": "yesterday"}))

    assert "tells no time" in findings(sound)["clock"]["detail"]


def test_a_clock_that_went_back_behind_the_databases_is_wrong(sound: CommandLine) -> None:
    tomorrow = time.time() + 86400
    os.utime(sound.folder / "data" / "cache.sqlite3", (tomorrow, tomorrow))

    assert findings(sound)["clock"]["verdict"] == "wrong"


@pytest.mark.parametrize(
    ("line", "file", "advice"),
    [("durable", "db", "restore it"), ("cache", "cache", "the next start sets it aside")],
)
def test_a_damaged_database_is_wrong(sound: CommandLine, line: str, file: str, advice: str) -> None:
    (sound.folder / "data" / f"{file}.sqlite3").write_bytes(b"no database" * 1000)
    found = findings(sound)[f"{line} database"]

    assert (found["verdict"], advice in found["advice"]) == ("wrong", True)


def test_a_database_of_another_version_is_wrong(sound: CommandLine) -> None:
    connection = sqlite3.connect(sound.folder / "data" / "db.sqlite3")
    connection.execute("UPDATE plg_durable_version SET version_num = 'durable_9999'")
    connection.commit()
    connection.close()

    found = findings(sound)["durable database"]
    assert found["detail"] == (
        f"at durable_9999, this version needs {head(Line.DURABLE)}: it is newer"
    )
    assert (found["verdict"], found["advice"]) == ("wrong", "install the version that made it")


def test_a_data_folder_that_is_a_file_is_wrong(fresh: CommandLine) -> None:
    (fresh.folder / "data").touch()

    assert examine_folder(fresh.folder / "data").detail == "cannot be written: that is not a folder"


def test_a_data_folder_that_cannot_be_made_is_wrong(run: CommandLine) -> None:
    (run.folder / "file").touch()
    found = examine_folder(run.folder / "file" / "deep" / "data")

    assert found.verdict is Verdict.WRONG
    assert found.detail == f"cannot be made in {run.folder / 'file'}: that is not a folder"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody can write")
def test_a_data_folder_that_cannot_be_written_is_wrong() -> None:
    assert examine_folder(Path("/proc/self")).detail.startswith("cannot be written: ")
    assert examine_folder(Path("/proc/self/a")).detail.startswith("cannot be made in /proc/self: ")


@pytest.mark.parametrize(
    ("free", "verdict"),
    [(10 * MIB, Verdict.WRONG), (500 * MIB, Verdict.REMARK), (5000 * MIB, Verdict.OK)],
)
def test_little_room_is_a_remark_and_none_is_wrong(free: int, verdict: Verdict) -> None:
    assert examine_space("data", free).verdict is verdict
