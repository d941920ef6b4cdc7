"""`plg get vehicle`."""

import json

import httpx

from plg.entrypoints.simulator.app import Simulator
from tests.integration.cli.conftest import CommandLine

VIN = "WVWZZZE1ZMP000001"


def test_both_records_are_shown_with_how_they_were_come_by(run: CommandLine) -> None:
    result = run("get", "vehicle", VIN.lower())

    assert result.exit_code == 0
    assert result.stdout.count("outcome  miss\nage      0 s, fresh for ") == 2
    assert f'\n  "vin": "{VIN}",\n' in result.stdout
    assert "battery_chemistry" in result.stdout
    assert "odometer" in result.stdout


def test_json_is_both_bodies_exactly(run: CommandLine) -> None:
    printed = run("get", "vehicle", VIN, "--json").stdout_bytes
    both = json.loads(printed)

    assert list(both) == ["static", "dynamic"]
    assert printed.startswith(b'{"static":{"vin":"WVWZZZE1ZMP000001","make_name":')
    assert (both["static"]["vin"], both["dynamic"]["vin"]) == (VIN, VIN)


def test_what_was_looked_up_is_cached_when_the_command_ends(
    run: CommandLine, simulator: Simulator
) -> None:
    run("get", "vehicle", VIN)
    result = run("get", "vehicle", VIN)

    assert result.stdout.count("outcome  hit\n") == 2
    assert simulator.stats.calls == 2


def test_no_match_is_status_3(run: CommandLine) -> None:
    result = run("get", "vehicle", "WVWZZZE1ZMP000100")

    told = "Error: The source has no record under this key.\n"
    assert (result.exit_code, result.stderr, result.stdout) == (3, told, "")


def test_a_vin_that_cannot_be_is_wrong_use(run: CommandLine) -> None:
    result = run("get", "vehicle", "short")

    told = "Error: A VIN has 10 to 25 letters A to Z and digits.\n"
    assert (result.exit_code, result.stderr) == (2, told)


def test_a_vehicle_without_dynamic_data_is_shown(run: CommandLine) -> None:
    static = b'{"capacity": 58.00}'

    class WithoutDynamic(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            is_static = request.url.path.endswith("/static")
            return httpx.Response(200 if is_static else 404, content=static if is_static else b"")

    run.transport = WithoutDynamic()

    assert "The source has no dynamic data of it." in run("get", "vehicle", VIN).stdout
    assert run.json("get", "vehicle", VIN)["dynamic"] is None
