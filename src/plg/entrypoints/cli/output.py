"""How commands show what they found: for people, or as JSON for programs."""

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import click
import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

NOTHING: Final = "-"
"""What stands in a cell where there is nothing."""
_UNSEEN: Final = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), "\N{REPLACEMENT CHARACTER}")


def print_json(value: Any) -> None:  # noqa: ANN401 - whatever can be told as JSON
    """Print the value as one JSON document; raw parts stay as they are, to the last digit."""
    document = msgspec.json.format(msgspec.json.encode(value), indent=2)
    click.echo(document)


def print_table(rows: Iterable[tuple[str, object]]) -> None:
    """Print names and what belongs to them, one a line."""
    lines = [(name, str(value)) for name, value in rows]
    width = max((len(name) for name, _ in lines), default=0)
    for name, text in lines:
        click.echo(f"{name:<{width}}  {text}".rstrip())


def print_list(heads: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    """
    Print rows: on a terminal a table under heads, elsewhere a line each, two blanks between cells.

    Control characters, which could move a terminal's cursor or begin a line, are replaced.
    """
    lines = [[visible(cell or NOTHING) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for line in lines:
            click.echo("  ".join(line))
    elif lines:
        Console().print(_table(heads, lines))


def visible(text: str) -> str:
    """Return a text of others in which no character moves a terminal's cursor or begins a line."""
    return text.translate(_UNSEEN)


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    table.columns[0].no_wrap = True  # it is copied
    for line in lines:
        table.add_row(*map(Text, line))
    return table


def moment(instant: float) -> str:
    """Return seconds since the epoch as a moment in UTC."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def size(count: float) -> str:
    """Return a number of bytes with a unit that keeps it short."""
    for unit in ("bytes", "KiB", "MiB"):
        if count < 1024:  # noqa: PLR2004 - the step between these units
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"


def span(seconds: float) -> str:
    """Return a span of time as people read it."""
    whole = round(abs(seconds))
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if whole >= 2 * length:
            return f"{whole // length} {unit}"
    return f"{whole} s"


def counted(count: int, one: str, many: str) -> str:
    """Return the number with the noun that it needs."""
    return f"{count} {one if count == 1 else many}"
