"""`plg fleets`."""

import sqlite3
from contextlib import closing

import pytest

from plg.entrypoints.cli.failures import Failed
from plg.entrypoints.cli.fleets.vin_list import BAD_LINES_SHOWN, open_vin_list
from tests.integration.cli.conftest import CommandLine

ANA = "ana@example.org"
VINS = ("WVWZZZE1ZMP000001", "5YJ3E7EBZLF000002", "WVWZZZE1ZMP000077")


@pytest.fixture
def ana(run: CommandLine) -> str:
    """Ana's account, by its id."""
    return str(run.json("accounts", "create", ANA)["id"])


def written(run: CommandLine, text: str | bytes, name: str = "list") -> str:
    path = run.folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def held(run: CommandLine) -> list[str]:
    with closing(sqlite3.connect(run.folder / "data" / "db.sqlite3")) as connection:
        rows = connection.execute("SELECT vin FROM fleet_vehicles ORDER BY vin")
        return [vin for (vin,) in rows]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(VINS),
        f"# ours\n\n {VINS[0].lower()} \r\n{VINS[1]}\r\n  # and\n{VINS[2]}\n{VINS[2]}\n\n",
        f"\ufeffVIN\n{VINS[2]}\n{VINS[0]}\n{VINS[1]}\n",
        f'id,"vin",note\n1,{VINS[0]},"a, b"\n# none\n2,{VINS[1]}\n3,"{VINS[2]}",\n',
        f"note; Vin \n;{VINS[0]}\nx;{VINS[1]}\ny;{VINS[2]}",
    ],
    ids=["lines", "comments", "header", "commas", "semicolons"],
)
def test_a_list_is_read_in_each_form(run: CommandLine, text: str) -> None:
    made = run("fleets", "import", "north", written(run, text), "--name", "Up north")

    assert made.exit_code == 0, made.stderr
    assert made.stdout.startswith("north  Up north  3 vehicles  imported ")
    assert "3 added, 0 already there, 0 removed." in made.stderr
    assert "five seconds" in made.stderr
    assert held(run) == sorted(VINS)


def test_a_list_is_read_from_standard_input(run: CommandLine) -> None:
    bare = run("fleets", "import", "north", stdin=VINS[0])
    dash = run("fleets", "import", "north", "-", stdin=VINS[1])

    assert (bare.exit_code, dash.exit_code) == (0, 0)
    assert held(run) == sorted(VINS[:2])


def test_an_import_adds_or_replaces(run: CommandLine) -> None:
    counts = []
    for vins, more in ((VINS[:2], ()), (VINS[1:], ()), (VINS[2:], ("--replace",))):
        made = run.json("fleets", "import", "north", written(run, "\n".join(vins)), *more)
        counts.append([made[name] for name in ("added", "already", "removed")])
        assert set(made["fleet"]) == {"code", "name", "vehicles", "imported_at"}

    assert counts == [[2, 0, 0], [1, 1, 0], [0, 1, 2]]
    assert run.json("fleets", "list")[0]["vehicles"] == 1
    assert held(run) == [VINS[2]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{VINS[0]}\n\nWVW\n{VINS[1]}", ["line 3: A VIN has 10", "1 of 3 VINs is bad"]),
        (f"{VINS[0]},{VINS[1]}", ["line 1:", "1 of 1 VINs is bad"]),
        (f"id,vin\n1,{VINS[0]}\n2\n3,x", ["line 3:", "line 4:", "2 of 3 VINs are bad"]),
        (b"WVWZZZE1ZMP00000\xff", ["line 1:"]),
        ("x" * 70_000, ["line 1:"]),
        ("# nothing\n\n", ["names no VIN"]),
        ("vin\n", ["names no VIN"]),
        ("", ["names no VIN"]),
    ],
)
def test_of_a_list_with_a_bad_line_nothing_is_imported(
    run: CommandLine, text: str | bytes, said: list[str]
) -> None:
    made = run("fleets", "import", "north", written(run, text))

    assert made.exit_code == 1
    assert [words for words in [*said, "nothing was imported"] if words not in made.stderr] == []
    assert run.json("fleets", "list") == []


def test_many_bad_lines_are_named_up_to_a_number(run: CommandLine) -> None:
    made = run("fleets", "import", "north", written(run, "x\n" * 50))

    assert made.stderr.count("line ") == BAD_LINES_SHOWN
    assert "50 of 50 VINs are bad" in made.stderr


def test_a_list_that_is_too_long_is_refused(run: CommandLine) -> None:
    path = written(run, "\n".join(VINS))

    with open_vin_list(path, most=3) as vins:
        assert [vin.value for vin in vins.vins()] == list(VINS)
    with pytest.raises(Failed, match="more than 2 VINs"), open_vin_list(path, most=2):
        raise AssertionError


def test_an_account_is_bound_and_unbound(run: CommandLine, ana: str) -> None:
    for code in ("north", "south"):
        run("fleets", "import", code, stdin=VINS[0])
        bound = run("fleets", "bind", ANA, code)
        assert (bound.exit_code, f"bound to {code}" in bound.stderr) == (0, True)
    listed = [fleet["code"] for fleet in run.json("fleets", "list", "--account", ana)]
    shown = run.json("fleets", "show", "north")
    said = [run("fleets", "unbind", ana, code).stderr for code in ("north", "south")]

    assert listed == ["north", "south"]
    assert (shown["fleet"]["code"], shown["accounts"]) == ("north", [ana])
    assert ["other fleets" in each for each in said] == [True, False]
    assert ["no vehicle any more" in each for each in said] == [False, True]
    assert run("fleets", "list", "--account", ana).stdout == ""


def test_every_vehicle_is_opened_to_an_account_that_has_no_fleet_left(
    run: CommandLine, ana: str
) -> None:
    run("fleets", "import", "north", stdin=VINS[0])
    told = []
    for args in (("bind", ana, "north"), ("open", ana), ("unbind", ana, "north"), ("open", ana)):
        result = run("fleets", *args)
        told.append((result.exit_code, run("fleets", "list", "--account", ana).stderr.strip()))

    none = f"0 fleets: no vehicle. To let it ask for every vehicle: plg fleets open {ana}"
    assert told == [(0, "1 fleet"), (1, "1 fleet"), (0, none), (0, "0 fleets: every vehicle")]


def test_fleets_are_listed_and_shown(run: CommandLine, ana: str) -> None:
    run("fleets", "import", "north", "--name", "Up north", stdin="\n".join(VINS[:2]))
    run("fleets", "bind", ana, "north")
    listed, shown = run("fleets", "list"), run("fleets", "show", "north")

    assert listed.stdout.startswith("north  Up north  2 vehicles  imported 2")
    assert "1 fleet" in listed.stderr
    lines = [line.split(maxsplit=1) for line in shown.stdout.splitlines()]
    assert lines[:3] == [["code", "north"], ["name", "Up north"], ["vehicles", "2"]]
    assert lines[4] == ["account", f"{ana}  ana@example.org"]


def test_all_fleets_are_listed_however_many(run: CommandLine) -> None:
    run("fleets", "import", "f000", stdin=VINS[0])
    with closing(sqlite3.connect(run.folder / "data" / "db.sqlite3")) as connection, connection:
        for number in range(1, 203):
            connection.execute(
                "INSERT INTO fleets SELECT ?, ?, name, vehicles, imported_at, imports, generation,"
                " listed_from, swept FROM fleets WHERE code = 'f000'",
                (f"F{number}", f"f{number:03}"),
            )

    listed = [fleet["code"] for fleet in run.json("fleets", "list")]
    assert listed == [f"f{number:03}" for number in range(203)]


def test_a_fleet_is_removed_once_nobody_is_bound_to_it(run: CommandLine, ana: str) -> None:
    run("fleets", "import", "north", stdin=VINS[0])
    run("fleets", "bind", ana, "north")
    refused = run("fleets", "remove", "north")
    run("fleets", "unbind", ana, "north")
    removed = run("fleets", "remove", "north")

    assert (refused.exit_code, "unbind them first" in refused.stderr) == (1, True)
    assert (removed.exit_code, removed.stderr) == (0, "Removed: north.\n")
    assert (run.json("fleets", "list"), held(run)) == ([], [])


def test_what_is_not_there_is_told(run: CommandLine, ana: str) -> None:
    run("fleets", "import", "north", stdin=VINS[0])
    statuses = {
        args: run("fleets", *args).exit_code
        for args in (
            ("show", "south"),
            ("remove", "south"),
            ("bind", ana, "south"),
            ("bind", "ben@example.org", "north"),
            ("unbind", ana, "north"),
            ("list", "--account", "nobody"),
            ("import", "North"),
            ("import", "north", "no-such-file"),
            ("import", "north", "--name", ""),
        )
    }

    assert list(statuses.values()) == [3, 3, 3, 3, 3, 3, 2, 2, 2]
