"""Commands about records of declared kinds."""

import json
from pathlib import Path

import pytest

from tests.integration.cli.conftest import CommandLine

FILE = """
[source.stock]
file = "stock.csv"
[resource.stock]
source = "stock"
match = "/sku"
path = "/api/v1/stock/{sku}"
key = { fold = "upper" }
[resource.goods]
source = "stock"
match = "/sku"
path = "/api/v1/goods/{sku}"
answer = "envelope"
"""


@pytest.fixture
def run(run: CommandLine) -> CommandLine:
    (run.folder / "resources.toml").write_text(FILE)
    (run.folder / "stock.csv").write_text("sku,left\nAB-1,7\nAB-2,0\n")
    return run


def test_a_record_is_looked_up_by_the_name_of_its_resource(run: CommandLine) -> None:
    assert json.loads(run("get", "stock", "ab-1", "--json").stdout) == {"sku": "AB-1", "left": "7"}
    assert "outcome  hit" in run("get", "stock", "AB-1").stdout
    assert run("get", "stock", "NONE").exit_code == 3


def test_a_name_that_is_none_is_refused_with_those_that_there_are(run: CommandLine) -> None:
    result = run("get", "orders", "1")

    assert result.exit_code == 2
    assert result.stderr == (
        "Error: There is no resource 'orders': there are players, vehicle_static, "
        "vehicle_dynamic, stock, goods.\n"
    )


def test_what_is_cached_of_it_is_shown_and_forgotten(run: CommandLine) -> None:
    run("get", "stock", "AB-1")
    run("get", "goods", "AB-1")

    assert run.json("cache", "show", "ab-1", "--resource", "stock")["body"]["left"] == "7"
    assert run("cache", "purge", "--resource", "stock").exit_code == 0
    assert run("cache", "show", "AB-1", "--resource", "stock").exit_code == 3
    assert run.json("cache", "stats")["goods"]["entries"] == 1


def test_a_list_of_keys_is_warmed(run: CommandLine) -> None:
    (run.folder / "keys").write_text("ab-1\nAB-2\nNONE\n")
    warmed = run.json("warm", "keys", "--resource", "stock")

    assert (warmed["warmed"], warmed["no_match"]) == (2, 1)
    assert run.json("cache", "stats")["stock"]["entries"] == 2


def test_entries_move_to_another_cache(run: CommandLine) -> None:
    for name in ("stock", "goods"):
        run("get", name, "AB-1")
    assert run("cache", "export", "entries").exit_code == 0
    run("cache", "purge", "--all", "--yes")

    assert run("cache", "import", "entries").exit_code == 0
    assert run.json("cache", "show", "AB-1", "--resource", "goods")["body"]["data"]["left"] == "7"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("AB-1", "ab-1"), "sku is not as keys are kept"),
        (('"resource":"stock"', '"resource":"orders"'), "'orders' is no known resource"),
    ],
)
def test_a_line_of_another_key_or_kind_is_not_imported(
    run: CommandLine, change: tuple[str, str], told: str
) -> None:
    run("get", "stock", "AB-1")
    run("cache", "export", "entries")
    path: Path = run.folder / "entries"
    path.write_text(path.read_text().replace(*change, 1))
    result = run("cache", "import", "entries")

    assert result.exit_code == 1
    assert told in result.stderr


def test_what_a_former_resource_left_in_the_cache_can_be_forgotten(run: CommandLine) -> None:
    run("get", "stock", "AB-1")
    declared = run.folder / "resources.toml"
    declared.write_text("")
    assert run("cache", "purge", "--resource", "stock").exit_code == 0
    declared.write_text(FILE)

    assert run.json("cache", "stats")["stock"]["entries"] == 0


def test_a_mistake_in_the_file_ends_a_command_with_its_place(run: CommandLine) -> None:
    (run.folder / "resources.toml").write_text(FILE.replace('match = "/sku"', "", 1))
    result = run("get", "stock", "AB-1")

    assert result.exit_code == 2
    assert result.stderr.startswith("Error: resources.toml, [resource.stock]: match is needed")


def test_the_doctor_asks_for_the_example_of_each(run: CommandLine) -> None:
    path = run.folder / "resources.toml"
    example = 'key = { fold = "upper", example = "AB-1" }'
    path.write_text(FILE.replace('key = { fold = "upper" }', example))
    run.env["EXTERNAL_API_BASE_URL"] = ""
    found = json.loads(run("doctor", "--json").stdout)["findings"]
    findings = {each["subject"]: each for each in found}

    assert findings["resource stock"]["detail"] == "its source answers for AB-1"
    assert findings["resource goods"]["advice"] == "add key.example"
    assert findings["source"]["verdict"] == "ok"
