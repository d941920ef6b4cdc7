"""`plg config`."""

import pytest

from tests.integration.cli.conftest import SOURCE, CommandLine


def test_each_setting_is_shown_with_its_value_and_where_that_comes_from(run: CommandLine) -> None:
    (run.folder / ".env").write_text("API_PORT=9601\nAPI_HOST=0.0.0.0\nLOG_LEVEL=debug\n")
    run.env |= {"API_PORT": "9602", "LOG_LEVEL": ""}
    lines = run("config").stdout.splitlines()

    assert {line.split("  ")[0]: line.split("  ")[1:] for line in lines}.items() >= {
        "EXTERNAL_API_BASE_URL": [SOURCE, "environment"],
        "API_PORT": ["9602", "environment"],
        "API_HOST": ["0.0.0.0", ".env"],
        "LOG_LEVEL": ["info", "default"],  # blank in the environment hides what .env says
        "API_KEY": ["-", "default"],
    }.items()


def test_numbers_are_written_in_full(run: CommandLine) -> None:
    run.env["CACHE_TTL_SECONDS"] = "31536000"
    shown = run.json("config")
    run.env["CACHE_TTL_SECONDS"] = "31536001"

    assert shown["CACHE_TTL_SECONDS"] == "31536000"
    assert "must be a number from 0 to 31536000, not" in run("config").stderr


def test_a_misspelled_name_is_warned_of_once_with_the_nearest(run: CommandLine) -> None:
    (run.folder / ".env").write_text("EXTERNAL_API_TIMEOUT=3\nPOSTGRES_PASSWORD=x\n")
    run.env |= {"API_PROT": "9602", "HOMER": "x"}

    assert run("config").stderr.splitlines() == [
        "EXTERNAL_API_TIMEOUT in .env is no setting: is EXTERNAL_API_TIMEOUT_SECONDS meant?",
        "API_PROT in the environment is no setting: is API_PORT meant?",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"API_PORT=9601\nFOO=\xff\n", "Error: .env, line 2: a byte is not UTF-8.\n"),
        (b'\n\nAPI_KEY="abc\nAPI_PORT=9601\n', "Error: .env, line 3 is no NAME=value: "),
        (b"API_KEY='abc' def\n", "Error: .env, line 1 is no NAME=value: "),
        (b"API_PORT 9601\n", "Error: .env, line 1 is no NAME=value: "),
    ],
    ids=str,
)
def test_a_dotenv_file_that_cannot_be_understood_stops_with_one_sentence(
    run: CommandLine, content: bytes, told: str
) -> None:
    (run.folder / ".env").write_bytes(content)
    result = run("config")

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(told)
    assert "abc" not in result.stderr


def test_a_folder_of_the_name_of_the_dotenv_file_sets_nothing(run: CommandLine) -> None:
    (run.folder / ".env").mkdir()

    assert run("config").exit_code == 0


def test_secrets_are_masked(run: CommandLine) -> None:
    run.env["API_KEY"] = "a-key-that-nobody-may-see"
    run.env["EXTERNAL_API_HEADERS"] = '{"X-Key": "another"}'
    told = run.json("config")

    assert (told["API_KEY"], told["EXTERNAL_API_HEADERS"]) == ("(set)", "(set)")
