"""`plg get player`."""

from plg.entrypoints.simulator.app import Simulator
from tests.integration.cli.conftest import CommandLine

ANA = "KB-000001"


def test_a_player_is_shown_with_how_it_was_come_by(run: CommandLine) -> None:
    result = run("get", "player", ANA)

    assert result.exit_code == 0
    assert result.stdout.startswith("outcome  miss\nage      0 s, fresh for ")
    assert f'\n  "killer_bi_id": "{ANA}",\n' in result.stdout


def test_numbers_are_shown_to_the_last_digit(run: CommandLine) -> None:
    body = run("get", "player", ANA, "--json").stdout
    rating = body.split('"rating":')[1].split(",")[0]

    assert rating.endswith("00")
    assert f'"rating": {rating},' in run("get", "player", ANA).stdout


def test_json_is_the_body_exactly(run: CommandLine) -> None:
    body = run("get", "player", ANA, "--json").stdout_bytes

    assert body.startswith(b'{"killer_bi_id":"KB-000001","nick":')
    assert body.endswith(b'Z"}')


def test_what_was_looked_up_is_cached_when_the_command_ends(
    run: CommandLine, simulator: Simulator
) -> None:
    run("get", "player", ANA)
    result = run("get", "player", ANA)

    assert result.stdout.startswith("outcome  hit\n")
    assert simulator.stats.calls == 1


def test_a_stale_player_is_shown_as_stale_when_the_source_is_down(
    run: CommandLine, simulator: Simulator
) -> None:
    run.env["CACHE_TTL_SECONDS"] = "0"
    run.env["CACHE_STALE_WHILE_REVALIDATE_SECONDS"] = "0"
    run("get", "player", ANA)
    simulator.control(error_ratio=1)
    result = run("get", "player", ANA)

    assert result.stdout.startswith("outcome  stale-if-error\nage      0 s, stale for 0 s\n")


def test_no_match_is_status_3(run: CommandLine) -> None:
    result = run("get", "player", "KB-999999")

    told = "Error: The source has no record under this key.\n"
    assert (result.exit_code, result.stderr, result.stdout) == (3, told, "")


def test_an_id_that_cannot_be_is_wrong_use(run: CommandLine) -> None:
    result = run("get", "player", "a" * 129)

    told = "Error: killer_bi_id must have 1 to 128 characters.\n"
    assert (result.exit_code, result.stderr) == (2, told)


def test_a_source_that_fails_is_one_sentence(run: CommandLine, simulator: Simulator) -> None:
    simulator.control(error_ratio=1, error_status=500)
    result = run("get", "player", ANA)

    told = "Error: The source gave no usable answer: status 500.\n"
    assert (result.exit_code, result.stderr) == (1, told)
