"""Lists: tables under heads on a terminal, plain lines elsewhere."""

import os
import pty
from contextlib import redirect_stdout

import pytest

from plg.entrypoints.cli.output import print_list

HEADS = ("id", "name", "e-mail")
Row = tuple[str | None, ...]
ROWS: list[Row] = [
    ("01A", "Ana [bold]", "ana@example.org"),
    ("01B", None, "ben\x1b[2J\n@example.org"),
]


def on_a_terminal(rows: list[Row], width: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal, redirect_stdout(terminal):
        print_list(HEADS, rows)
        terminal.write("end\n")
        terminal.flush()
        shown = ""
        while "end" not in shown:
            shown += os.read(ours, 65536).decode()
    os.close(ours)
    plain = shown.replace("\x1b[1m", "").replace("\x1b[0m", "")
    return [line.rstrip() for line in plain.splitlines()]


def test_on_a_terminal_a_list_is_a_table_under_heads(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = on_a_terminal(ROWS, 80, monkeypatch)

    assert lines[0].split() == list(HEADS)
    assert [line.split("  ")[0].strip() for line in lines[2:-1]] == ["01A", "01B"]
    assert "Ana [bold]" in lines[2]
    assert " -  " in lines[3]


def test_nothing_is_cut_off_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = on_a_terminal(ROWS, 20, monkeypatch)

    assert max(map(len, lines)) <= 20
    column = "".join(line.split("  ")[-1].strip() for line in lines)
    assert "ana@example.org" in column


def test_elsewhere_a_list_is_a_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_list(HEADS, ROWS)

    assert capsys.readouterr().out == (
        "01A  Ana [bold]  ana@example.org\n01B  -  ben\ufffd[2J\ufffd@example.org\n"
    )


def test_no_heads_stand_over_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert on_a_terminal([], 80, monkeypatch) == ["end"]
