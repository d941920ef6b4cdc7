"""`plg cache stats`, `show` and `purge`."""

import asyncio
import os
import re

import pytest

from plg.container import Container
from plg.entrypoints.simulator.app import Simulator
from plg.settings import Settings
from tests.fakes.invalidations import MemoryInvalidations
from tests.integration.cli.conftest import CommandLine
from tests.integration.cli.processes import started

ANA, BEN = "KB-000001", "KB-000002"


@pytest.fixture
def filled(run: CommandLine) -> CommandLine:
    for name in (ANA, BEN):
        run("get", "player", name)
    return run


def test_an_empty_cache_is_counted(run: CommandLine) -> None:
    assert run("cache", "stats").stdout.splitlines() == [
        "players  0 entries  0 bytes of bodies",
        "vehicle_static  0 entries  0 bytes of bodies",
        "vehicle_dynamic  0 entries  0 bytes of bodies",
    ]


def test_entries_and_their_bytes_are_counted(filled: CommandLine) -> None:
    sizes = [len(filled("get", "player", name, "--json").stdout_bytes) for name in (ANA, BEN)]

    held = {"entries": 2, "body_bytes": sum(sizes)}
    nothing = {"entries": 0, "body_bytes": 0}
    assert filled.json("cache", "stats") == {
        "players": held,
        "vehicle_static": nothing,
        "vehicle_dynamic": nothing,
    }


def test_a_fresh_entry_is_shown(filled: CommandLine) -> None:
    shown = dict(
        line.split(maxsplit=1) for line in filled("cache", "show", ANA).stdout.splitlines()
    )

    assert shown["key"] == f"players {ANA}"
    assert re.fullmatch(r"\d+ s", shown["age"])
    assert shown["state"].startswith("fresh, ")
    assert shown.keys() >= {"ETag", "validator", "fetched", "validated", "size"}


@pytest.mark.parametrize(("stale_seconds", "state"), [("1000", "stale"), ("0", "expired")])
def test_an_entry_past_its_ttl_is_stale_or_expired(
    run: CommandLine, stale_seconds: str, state: str
) -> None:
    run.env["CACHE_TTL_SECONDS"] = "0"
    run.env["CACHE_STALE_WHILE_REVALIDATE_SECONDS"] = "0"
    run.env["CACHE_STALE_IF_ERROR_SECONDS"] = stale_seconds
    run("get", "player", ANA)

    shown = run("cache", "show", ANA).stdout
    assert re.search(rf"{state}, \d+ s past its TTL", shown)


def test_json_shows_the_body_too(filled: CommandLine) -> None:
    shown = filled.json("cache", "show", ANA)

    assert (shown["key"], shown["state"], shown["body"]["killer_bi_id"]) == (ANA, "fresh", ANA)
    assert shown["size_bytes"] == len(filled("get", "player", ANA, "--json").stdout_bytes)


@pytest.mark.parametrize("kind", ["vehicle_static", "vehicle_dynamic"])
def test_a_vehicles_entry_is_shown_and_forgotten_by_its_kind(run: CommandLine, kind: str) -> None:
    vin = "WVWZZZE1ZMP000001"
    run("get", "vehicle", vin)
    shown = run.json("cache", "show", vin.lower(), "--resource", kind)
    run("cache", "purge", vin, "--resource", kind)
    held = run.json("cache", "stats")

    assert (shown["resource"], shown["key"], shown["body"]["vin"]) == (kind, vin, vin)
    assert sum(each["entries"] for each in held.values()) == 1
    assert run("cache", "show", vin, "--resource", kind).exit_code == 3


def test_all_is_every_kind(filled: CommandLine) -> None:
    filled("get", "vehicle", "WVWZZZE1ZMP000001")
    filled("cache", "purge", "--all", "--yes")

    held = filled.json("cache", "stats")
    assert {name: each["entries"] for name, each in held.items()} == dict.fromkeys(held, 0)


def test_showing_does_not_ask_the_source(run: CommandLine, simulator: Simulator) -> None:
    result = run("cache", "show", ANA)

    assert (result.exit_code, simulator.stats.calls) == (3, 0)
    assert result.stderr == f"Error: Nothing is cached under {ANA}.\n"


def test_one_record_is_forgotten(filled: CommandLine) -> None:
    assert filled("cache", "purge", ANA).exit_code == 0
    assert filled("cache", "show", ANA).exit_code == 3
    assert filled("cache", "show", BEN).exit_code == 0


def test_all_records_are_forgotten(filled: CommandLine) -> None:
    assert filled("cache", "purge", "--all", "--yes").exit_code == 0
    assert filled.json("cache", "stats")["players"]["entries"] == 0


@pytest.mark.parametrize("args", [[], [ANA, "--all"]])
def test_what_to_forget_is_an_id_or_all(run: CommandLine, args: list[str]) -> None:
    assert run("cache", "purge", *args).exit_code == 2


ALL_KINDS = [("players", None), ("vehicle_static", None), ("vehicle_dynamic", None)]


@pytest.mark.parametrize(("args", "told"), [([ANA], [("players", ANA)]), (["--all"], ALL_KINDS)])
def test_other_processes_are_told_to_forget(
    filled: CommandLine, args: list[str], told: list[tuple[str, str | None]]
) -> None:
    container = Container(settings=Settings.from_env({}))

    async def told_meanwhile() -> list[tuple[str, str | None]]:
        invalidations = container.invalidations()
        try:
            await invalidations.poll()
            await asyncio.to_thread(filled, "cache", "purge", *args)
            return [(each.resource, each.key) for each in await invalidations.poll()]
        finally:
            await container.cache_engine().dispose()

    assert asyncio.run(told_meanwhile()) == told


def test_a_purge_that_others_cannot_be_told_of_fails(filled: CommandLine) -> None:
    invalidations = MemoryInvalidations()
    invalidations.is_down = True
    filled.change = lambda container: container.invalidations.override(invalidations)

    assert filled("cache", "purge", ANA).exit_code == 1


def test_on_a_terminal_forgetting_all_must_be_meant(filled: CommandLine) -> None:
    pty = pytest.importorskip("pty", reason="needs a terminal of a Unix kind")
    ours, theirs = pty.openpty()
    os.write(ours, b"n\n")
    with started(filled.folder, "cache", "purge", "--all", env={}, stdin=theirs) as purge:
        assert purge.wait() == 1
    os.close(theirs)
    os.close(ours)

    assert "Forget 2 entries? [y/N]" in purge.stdout
    assert filled.json("cache", "stats")["players"]["entries"] == 2
