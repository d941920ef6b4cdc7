"""`plg config`."""

from tests.integration.cli.conftest import SOURCE, CommandLine


def test_each_setting_is_shown_with_its_value(run: CommandLine) -> None:
    lines = run("config").stdout.splitlines()

    assert f"EXTERNAL_API_BASE_URL                 {SOURCE}" in lines


def test_secrets_are_masked(run: CommandLine) -> None:
    run.env["API_KEY"] = "a-key-that-nobody-may-see"
    run.env["EXTERNAL_API_HEADERS"] = '{"X-Key": "another"}'
    told = run.json("config")

    assert (told["API_KEY"], told["EXTERNAL_API_HEADERS"]) == ("(set)", "(set)")
