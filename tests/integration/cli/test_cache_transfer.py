"""`plg cache export` and `plg cache import`."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from plg.container import Container
from plg.entrypoints.cli.records.cache_lines import LINE_BYTES_MAX
from plg.entrypoints.cli.records.cache_transfer import GROUP_BYTES
from plg.entrypoints.simulator.app import Simulator
from tests.integration.cli.conftest import CommandLine

ANA, BEN = "KB-000001", "KB-000002"


@pytest.fixture
def lines(run: CommandLine, migrated: Path) -> list[dict[str, Any]]:
    """The entries of two players, exported; the cache is empty again."""
    for name in (ANA, BEN):
        run("get", "player", name)
    exported = run("cache", "export").stdout.splitlines()
    shutil.rmtree(run.folder / "data")
    shutil.copytree(migrated, run.folder / "data")
    return [json.loads(line) for line in exported]


def as_text(*lines: dict[str, Any]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def import_lines(run: CommandLine, *lines: dict[str, Any]) -> str:
    result = run("cache", "import", stdin=as_text(*lines))
    assert result.exit_code == 0, result.output
    return result.stderr


def test_an_export_has_each_entry_as_it_is(run: CommandLine) -> None:
    body = run("get", "player", ANA, "--json").stdout
    shown = run.json("cache", "show", ANA)
    line = json.loads(run("cache", "export").stdout)

    assert line == {
        "resource": "players",
        "key": ANA,
        "body": body,
        "etag": shown["etag"],
        "validator": shown["validator"],
        "fetched_at": pytest.approx(time.time(), abs=60),
        "validated_at": line["fetched_at"],
        "ttl": shown["ttl_seconds"],
    }


def test_an_export_to_a_file_appears_whole(run: CommandLine) -> None:
    run("get", "player", ANA)
    result = run("cache", "export", "entries.jsonl")

    assert (result.stdout, result.stderr) == ("", "1 entry exported.\n")
    assert [path.name for path in run.folder.glob("entries*")] == ["entries.jsonl"]


def test_an_export_that_cannot_be_written_is_one_sentence(run: CommandLine) -> None:
    result = run("cache", "export", "nowhere/entries.jsonl")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


def test_what_was_exported_can_be_imported(
    run: CommandLine, lines: list[dict[str, Any]], simulator: Simulator
) -> None:
    (run.folder / "entries").write_text(as_text(*lines).replace("\n", "\n\n"))
    result = run("cache", "import", "entries")

    assert result.stderr == "2 entries imported, 0 known as new or newer.\n"
    assert run("get", "player", ANA, "--json").stdout == lines[0]["body"]
    assert simulator.stats.calls == 2


def test_an_import_of_many_entries_goes_in_rounds(
    run: CommandLine, lines: list[dict[str, Any]]
) -> None:
    many = [lines[0]] * 200 + [lines[1]]

    assert import_lines(run, *many) == "2 entries imported, 199 known as new or newer.\n"
    assert run.json("cache", "stats")["players"]["entries"] == 2


def test_an_import_goes_in_rounds_that_fit_into_the_queue_of_writes(
    run: CommandLine, lines: list[dict[str, Any]]
) -> None:
    etag_of = Container.etag_of()
    large = json.dumps({"killer_bi_id": ANA, "padding": "x" * GROUP_BYTES})
    line = {**lines[0], "body": large, "etag": etag_of(large.encode()).decode()}
    other = {**line, "body": large.replace(ANA, BEN), "key": BEN}
    other["etag"] = etag_of(other["body"].encode()).decode()

    assert import_lines(run, line, other).startswith("2 entries imported")
    assert run.json("cache", "stats")["players"]["body_bytes"] == 2 * len(large)


def test_an_older_entry_does_not_replace_a_newer_one(
    run: CommandLine, lines: list[dict[str, Any]]
) -> None:
    import_lines(run, lines[0])
    older = {**lines[0], "fetched_at": 1.0, "validated_at": 1.0}

    assert import_lines(run, older) == "0 entries imported, 1 known as new or newer.\n"
    assert run.json("cache", "show", ANA)["state"] == "fresh"


def test_a_newer_entry_replaces_an_older_one(run: CommandLine, lines: list[dict[str, Any]]) -> None:
    import_lines(run, {**lines[0], "fetched_at": 1.0, "validated_at": 1.0})
    import_lines(run, lines[0])

    assert run.json("cache", "show", ANA)["state"] == "fresh"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"etag": '"another"'}, "the ETag does not fit the body"),
        ({"body": '{"killer_bi_id":"KB-000001"}'}, "the ETag does not fit the body"),
        ({"body": "{"}, "truncated"),
        ({"body": '{"a":' + "[" * 100_000}, "recursion"),
        ({"body": '{"killer_bi_id":"KB-000002"}'}, "the body belongs to another key"),
        ({"key": ""}, "killer_bi_id must have"),
        ({"key": "\ud800"}, ""),
        ({"resource": "cars"}, "'cars' is no known resource"),
        ({"validated_at": 1.0}, "validated before it was fetched"),
        ({"validated_at": 1e11}, "in the future"),
        ({"ttl": -1}, "the ttl"),
        ({"ttl": 1e308}, "the ttl"),
        ({"validator": "a\nb"}, "no entity tag"),
        ({"colour": "red"}, "unknown field"),
        ({"fetched_at": None}, "fetched_at"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_imported(
    run: CommandLine, lines: list[dict[str, Any]], change: dict[str, Any], reason: str
) -> None:
    result = run("cache", "import", stdin=as_text(lines[1], {**lines[0], **change}))

    assert result.exit_code == 1
    assert result.stderr.startswith("-, line 2: ")
    assert reason in result.stderr
    assert result.stderr.endswith("Error: 1 of 2 lines is bad: nothing was imported.\n")
    assert run.json("cache", "stats")["players"]["entries"] == 0


def test_a_line_without_end_is_named_without_being_read_whole(
    run: CommandLine, lines: list[dict[str, Any]]
) -> None:
    endless = b"x" * (LINE_BYTES_MAX + 1)
    entry = as_text(lines[0]).encode()
    result = run("cache", "import", stdin=entry + endless + b"\n" + entry + endless)

    assert f"-, line 2: longer than {LINE_BYTES_MAX} bytes" in result.stderr
    assert f"-, line 4: longer than {LINE_BYTES_MAX} bytes" in result.stderr
    assert "2 of 4 lines are bad" in result.stderr


def test_of_many_bad_lines_the_first_are_named(run: CommandLine) -> None:
    result = run("cache", "import", stdin="{}\n" * 100)

    assert result.stderr.count("\n") == 21


def test_vehicles_travel_too(run: CommandLine, simulator: Simulator) -> None:
    run("get", "vehicle", "WVWZZZE1ZMP000001")
    run("get", "player", ANA)
    exported = [json.loads(line) for line in run("cache", "export").stdout.splitlines()]
    shutil.rmtree(run.folder / "data")
    told = import_lines(run, *exported)
    simulator.stats.reset()

    kinds = ["players", "vehicle_static", "vehicle_dynamic"]
    assert [line["resource"] for line in exported] == kinds
    assert told == "3 entries imported, 0 known as new or newer.\n"
    assert run("get", "vehicle", "WVWZZZE1ZMP000001").stdout.count("outcome  hit\n") == 2
    assert simulator.stats.calls == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"key": "wvwzzze1zmp000001"}, "A VIN has"),
        ({"key": "WVWZZZE1ZMP000002"}, "the body belongs to another key"),
        ({"resource": "players"}, "the body belongs to another key"),
        ({"body": "{}"}, "the body belongs to another key"),
    ],
)
def test_a_bad_line_of_a_vehicle_is_named(
    run: CommandLine, change: dict[str, Any], reason: str
) -> None:
    run("get", "vehicle", "WVWZZZE1ZMP000001")
    line = json.loads(run("cache", "export").stdout.splitlines()[0])
    result = run("cache", "import", stdin=as_text({**line, **change}))

    assert (result.exit_code, reason in result.stderr) == (1, True)
