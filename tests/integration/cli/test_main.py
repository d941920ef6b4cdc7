"""The command as a whole."""

import re
import subprocess
import sys
from importlib.metadata import version

import click
import pytest

from plg.entrypoints.cli.main import COMMANDS, plg
from tests.integration.cli.conftest import CommandLine

IMPORTED_FOR_HELP = """
import sys
from plg.entrypoints.cli.main import plg
plg(["--help"], standalone_mode=False)
print(*sys.modules, file=sys.stderr)
"""


def subcommands() -> list[list[str]]:
    context = click.Context(plg)
    found: list[list[str]] = [[]]
    for name in COMMANDS:
        command = plg.get_command(context, name)
        found.append([name])
        if isinstance(command, click.Group):
            found += [[name, inner] for inner in command.commands]
    return found


def is_group(args: list[str]) -> bool:
    name = args[0] if args else ""
    return not args or (
        len(args) == 1 and isinstance(plg.get_command(click.Context(plg), name), click.Group)
    )


def test_it_tells_its_version(run: CommandLine) -> None:
    assert run("--version").stdout == f"plg {version('plg')}\n"


@pytest.mark.parametrize("args", subcommands(), ids=" ".join)
def test_each_command_explains_itself(run: CommandLine, args: list[str]) -> None:
    result = run(*args, "--help")

    assert (result.exit_code, result.stdout.startswith("Usage: plg")) == (0, True)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_overview_is_the_first_of_the_command(name: str) -> None:
    command = plg.get_command(click.Context(plg), name)

    assert command is not None
    assert (command.help or "").strip().splitlines()[0] == COMMANDS[name].summary


@pytest.mark.parametrize("args", [args for args in subcommands() if is_group(args)], ids=" ".join)
def test_each_summary_fits_into_a_line_of_80_columns(run: CommandLine, args: list[str]) -> None:
    help_text = run(*args, "--help").stdout
    lines = help_text.partition("Commands:\n")[2].splitlines()

    assert [line for line in lines if not re.fullmatch(r"  [a-z-]+ +[A-Z].*[^.]\.", line)] == []


def test_the_overview_is_there_without_loading_what_it_speaks_of() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", IMPORTED_FOR_HELP], check=True, capture_output=True, text=True
    )

    assert not {"sqlalchemy", "faker", "uvicorn", "plg.container"} & set(shown.stderr.split())


def test_the_gateway_does_not_load_what_it_does_not_need() -> None:
    """The simulator, what migrates a database that is not current, what the guide is made with."""
    modules = "plg.entrypoints.cli.server.serve, plg.entrypoints.cli.server.demo"
    program = f"import sys, {modules}, plg.entrypoints.http.assembly; print(*sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    loaded = shown.stdout.split()
    assert not {"faker", "alembic", "mako", "markdown_it"} & set(loaded)
    assert not [name for name in loaded if ".simulator" in name]


@pytest.mark.parametrize("command", ["demo", "simulate"])
def test_without_the_extra_the_simulator_says_what_to_install(command: str) -> None:
    program = "import sys; sys.modules['faker'] = None; from plg.entrypoints.cli.main import main"
    shown = subprocess.run(
        [sys.executable, "-c", f"{program}; main()", command],
        check=False,
        capture_output=True,
        text=True,
    )

    told = f"Error: `plg {command}` needs faker: pip install 'plg[demo]'.\n"
    assert (shown.returncode, shown.stdout, shown.stderr) == (1, "", told)


def test_a_shell_can_complete_commands() -> None:
    assert plg.list_commands(click.Context(plg)) == list(COMMANDS)


def test_an_unknown_command_is_wrong_use(run: CommandLine) -> None:
    assert run("fly").exit_code == 2


@pytest.mark.parametrize(
    "args",
    [
        ["serve"],
        ["demo"],
        ["get", "player", "KB-000001"],
        ["warm", "."],
        ["cache", "stats"],
        ["cache", "show", "KB-000001"],
        ["cache", "purge", "--all"],
        ["cache", "export"],
        ["cache", "import"],
        ["migrate"],
        ["config"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_a_bad_setting_stops_every_command_with_one_sentence(
    run: CommandLine, args: list[str]
) -> None:
    run.env["API_PORT"] = "many"
    (run.folder / "ids").touch()
    result = run(*[arg.replace(".", "ids") for arg in args])

    told = "Error: API_PORT must be a whole number from 1 to 65535, not 'many'.\n"
    assert (result.exit_code, result.stderr, result.stdout) == (2, told, "")


def test_a_secret_is_not_told_when_it_is_bad(run: CommandLine) -> None:
    run.env["API_KEY"] = "not a key"

    assert "not a key" not in run("config").output


def test_a_dotenv_file_is_read_and_the_environment_wins(run: CommandLine) -> None:
    (run.folder / ".env").write_text("API_PORT=9601\nAPI_WORKERS=3\n")
    run.env["API_PORT"] = "9602"
    told = run.json("config")

    assert (told["API_PORT"], told["API_WORKERS"]) == ("9602", "3")


@pytest.mark.parametrize("args", [["serve"], ["get", "player", "KB-1"], ["warm", "-"]])
def test_without_a_source_it_says_what_to_set_or_try(run: CommandLine, args: list[str]) -> None:
    del run.env["EXTERNAL_API_BASE_URL"]
    result = run(*args)

    assert result.exit_code == 2
    assert "EXTERNAL_API_BASE_URL must be set" in result.stderr
    assert "plg demo" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_data_folder_that_cannot_be_made_is_one_sentence(fresh: CommandLine) -> None:
    (fresh.folder / "data").write_text("in the way")
    result = fresh("cache", "stats")

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The folder data cannot be made")
    assert result.stderr.count("\n") == 1
