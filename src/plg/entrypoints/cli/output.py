"""How commands show what they found: for people, or as JSON for programs."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import click
import msgspec


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
