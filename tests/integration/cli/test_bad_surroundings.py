"""Files, terminals and texts that are bad: one sentence and an exit status, never a traceback."""

import errno
import io
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import IO

import pytest

from plg.entrypoints.cli.lazy_group import LazyGroup
from plg.entrypoints.cli.main import plg
from tests.integration.cli.conftest import CommandLine
from tests.integration.cli.processes import started

NOT_UTF8 = os.fsdecode(b"\xff\xfe")
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="only some systems have /dev/full")


class Pipe(io.StringIO):
    """Standard output whose reader has gone."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


class Failing(LazyGroup):
    """A command line that fails in a way of our choice."""

    def __init__(self, error: Exception) -> None:
        super().__init__("failing", package="", listed={}, invoke_without_command=True)
        self.callback = self.fail
        self.error = error

    def fail(self) -> None:
        raise self.error


def exit_status(*args: str) -> object:
    with pytest.raises(SystemExit) as ended:
        plg(args, prog_name="plg")
    return ended.value.code


def assert_one_sentence(shown: str) -> None:
    assert shown.startswith("Error: ")
    assert shown.endswith(".\n")
    assert shown.count("\n") == 1


@needs_full
@pytest.mark.parametrize("args", [["config"], ["config", "--json"], ["--help"], ["cache", "-h"]])
def test_output_that_cannot_be_written_is_one_sentence(run: CommandLine, args: list[str]) -> None:
    run("cache", "stats")
    told = io.StringIO()
    with FULL.open("w") as full, redirect_stdout(full), redirect_stderr(told):
        status = exit_status(*args)

    assert status == 1
    assert_one_sentence(told.getvalue())
    assert "no space left" in told.getvalue().lower()


@needs_full
def test_a_full_standard_error_is_an_exit_status(run: CommandLine) -> None:
    run("cache", "stats")
    with FULL.open("w") as full, redirect_stderr(full):
        assert exit_status("fly") == 1


def test_a_reader_that_has_gone_is_no_error(run: CommandLine) -> None:
    run("cache", "stats")
    told = io.StringIO()
    with redirect_stdout(Pipe()), redirect_stderr(told):
        assert exit_status("config") == 1

    assert told.getvalue() == ""


@pytest.mark.parametrize("encoding", ["latin-1", "cp437"])
def test_a_terminal_that_is_not_utf8_shows_what_it_cannot_as_escapes(
    run: CommandLine, encoding: str
) -> None:
    assert run("plans", "create", "team", "--name", "Tokio 東京", "--price", "1").exit_code == 0
    shown = io.BytesIO()
    with io.TextIOWrapper(shown, encoding) as terminal:
        with redirect_stdout(terminal):
            assert exit_status("plans", "list") == 0
        written = shown.getvalue().decode(encoding)

    assert "Tokio \\u6771\\u4eac" in written


def test_the_locale_does_not_matter_to_files_of_our_own(tmp_path: Path) -> None:
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with started(tmp_path, "migrate", env=ascii_alone) as migrate:
        assert (migrate.wait(), migrate.stderr) == (0, "")


@pytest.mark.parametrize(
    "args",
    [
        ["keys", "issue", "--account", NOT_UTF8, "--name", "x"],
        ["accounts", "list", "--search", NOT_UTF8],
        ["billing", "show", NOT_UTF8],
        ["plans", "show", NOT_UTF8],
        ["fleets", "show", NOT_UTF8],
        ["keys", "revoke", NOT_UTF8],
    ],
    ids=lambda args: " ".join(args[:2]),
)
def test_an_argument_that_is_not_utf8_is_wrong_use(run: CommandLine, args: list[str]) -> None:
    result = run(*args)

    assert result.exit_code == 2
    assert_one_sentence(result.stderr)
    assert "UTF-8" in result.stderr


def test_a_file_whose_name_is_not_utf8_is_read(run: CommandLine) -> None:
    (run.folder / NOT_UTF8).write_text("KB-000001\n")

    assert run("warm", NOT_UTF8).exit_code == 0


def test_a_file_for_ids_that_failed_in_a_folder_that_is_not_there_is_one_sentence(
    run: CommandLine,
) -> None:
    (run.folder / "ids").write_text("KB-000001\n")
    result = run("warm", "ids", "--failed", "nowhere/failed")

    assert result.exit_code == 1
    assert "nowhere/failed" in result.stderr
    assert_one_sentence(result.stderr)


@pytest.mark.parametrize("head", ["vin\r", ""])
def test_a_list_of_vins_that_ends_its_lines_by_cr_alone_is_refused_in_words(
    run: CommandLine, head: str
) -> None:
    (run.folder / "vins").write_bytes(f"{head}WVWZZZ1KZAW000001\rWVWZZZ1KZAW000002\r".encode())
    result = run("fleets", "import", "north", "vins")

    assert result.exit_code == 1
    assert_one_sentence(result.stderr)
    assert "Line 1" in result.stderr
    assert "carriage return" in result.stderr


@pytest.mark.parametrize("args", [["warm", "ids", "--rate"], ["simulate", "--latency"]], ids=str)
@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_what_is_no_number_is_wrong_use(run: CommandLine, args: list[str], number: str) -> None:
    (run.folder / "ids").touch()
    result = run(*args, number)

    assert result.exit_code == 2
    assert f"Invalid value for '{args[-1]}'" in result.stderr


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "a/b"), "a/b: No such file"),
        (PermissionError(errno.EACCES, "Permission denied", b"c"), "c: Permission denied"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (OSError("odd"), "odd"),
    ],
    ids=str,
)
def test_whatever_the_system_refuses_is_one_sentence(raised: OSError, told: str) -> None:
    shown = io.StringIO()
    with redirect_stderr(shown), pytest.raises(SystemExit) as ended:
        Failing(raised)([])

    assert ended.value.code == 1
    assert told in shown.getvalue()
    assert_one_sentence(shown.getvalue())


def test_what_was_read_and_is_not_utf8_is_wrong_use() -> None:
    shown = io.StringIO()
    with redirect_stderr(shown), pytest.raises(SystemExit) as ended:
        Failing(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"))([])

    assert ended.value.code == 2
    assert_one_sentence(shown.getvalue())


def test_streams_that_are_closed_are_empty(run: CommandLine) -> None:
    run("cache", "stats")
    closed: IO[str] | None = None
    with redirect_stdout(closed), redirect_stderr(closed):
        assert exit_status("config") == 0
