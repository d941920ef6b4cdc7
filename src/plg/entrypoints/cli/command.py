"""Commands that are coroutines: what they return is shown to people, or as JSON to programs."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

import click

from plg.entrypoints.cli.output import print_json, print_list, print_table

P = ParamSpec("P")
Row = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Found:
    """
    What a command found.

    Attributes:
        json: As programs read it.
        heads: Of the columns; none where each row is a name and its value.
        rows: As people read it.
        note: What is said beside it, on standard error.
    """

    json: Any
    heads: Sequence[str]
    rows: Iterable[Row]
    note: str | None = None

    def show(self, *, as_json: bool) -> None:
        """Print it."""
        if as_json:
            print_json(self.json)
            return
        if self.heads:
            print_list(self.heads, self.rows)
        else:
            print_table((str(name), value) for name, value in self.rows)
        if self.note is not None:
            click.echo(self.note, err=True)


def runs(command: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Let click call a coroutine, which says itself what it has done."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(command(*args, **kwargs))

    return run


def shows(
    text: str = "Print JSON.",
) -> Callable[[Callable[..., Coroutine[Any, Any, Found]]], Callable[..., None]]:
    """Let click call a coroutine with the option `--json`, and show what it has found."""

    def decorate(command: Callable[..., Coroutine[Any, Any, Found]]) -> Callable[..., None]:
        @click.option("--json", "as_json", is_flag=True, help=text)
        @wraps(command)
        def run(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - those of the command
            asyncio.run(command(**options)).show(as_json=as_json)

        return run

    return decorate
