"""How far a command has come."""

import pytest

from plg.entrypoints.cli.progress import lines
from tests.integration.cli.conftest import CommandLine


def test_on_a_terminal_there_is_a_bar(run: CommandLine) -> None:
    run.env["FORCE_COLOR"] = "1"
    result = run("warm", "-", "--rate", "1000", stdin="KB-000001\nKB-000002\n")

    assert "2/2" in result.stderr
    assert result.stdout.startswith("2 ids: 2 warmed")


def test_elsewhere_there_are_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show = lines("Warmed", 10, every=0)
    show(1, "1 warmed")
    show(2, "")

    assert capsys.readouterr().err == "Warmed: 1 of 10 (1 warmed)\nWarmed: 2 of 10\n"


def test_lines_come_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    show = lines("Warmed", 10, every=3600)
    show(1, "1 warmed")

    assert capsys.readouterr().err == ""
