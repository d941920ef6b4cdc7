"""Commands where no source is set, or one of the two."""

import pytest

from tests.fakes.vehicles import IDA
from tests.integration.cli.conftest import SOURCE, CommandLine


@pytest.fixture
def nowhere(run: CommandLine) -> CommandLine:
    """A command line under which nothing says where records come from."""
    del run.env["EXTERNAL_API_BASE_URL"]
    return run


@pytest.mark.parametrize(
    "args",
    [
        ["migrate"],
        ["config"],
        ["accounts", "create-admin", "root@example.org", "--link"],
        ["accounts", "list"],
        ["keys", "list"],
        ["keys", "rotate-signing"],
        ["plans", "list"],
        ["plans", "create", "team", "--price", "0.08"],
        ["billing", "close", "--all"],
        ["ledger", "verify"],
        ["cache", "stats"],
        ["cache", "purge", "--all", "--yes"],
        ["cache", "export"],
    ],
)
def test_what_asks_no_source_needs_none(nowhere: CommandLine, args: list[str]) -> None:
    nowhere("migrate")

    assert nowhere(*args).exit_code == 0


def test_vehicles_alone_are_looked_up(nowhere: CommandLine) -> None:
    nowhere.env["VEHICLE_API_BASE_URL"] = SOURCE

    assert nowhere.json("get", "vehicle", IDA.value)["static"]["vin"] == IDA.value


def test_where_only_vehicles_are_served_a_player_needs_its_setting(nowhere: CommandLine) -> None:
    nowhere.env["VEHICLE_API_BASE_URL"] = SOURCE
    result = nowhere("get", "player", "KB-000001")

    assert result.exit_code == 2
    assert "EXTERNAL_API_BASE_URL must be set" in result.stderr


def test_a_vehicle_needs_one_of_the_two_settings(nowhere: CommandLine) -> None:
    result = nowhere("get", "vehicle", IDA.value)

    assert result.exit_code == 2
    assert "VEHICLE_API_BASE_URL must be set" in result.stderr
    assert "EXTERNAL_API_BASE_URL" in result.stderr
