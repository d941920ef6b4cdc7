"""How far a command has come: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

SECONDS_BETWEEN_LINES = 5.0

Show = Callable[[int, str], None]


@contextmanager
def progress(label: str, total: int, done: int = 0) -> Iterator[Show]:
    """Give a function that shows how many are done, and a note, on standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lines(label, total)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(label, total=total, completed=done, note="")
        yield lambda count, note: bar.update(task, completed=count, note=note)


def lines(label: str, total: int, every: float = SECONDS_BETWEEN_LINES) -> Show:
    """Return a function that prints a line, unless it has just printed one."""
    shown = time.monotonic()

    def show(count: int, note: str) -> None:
        nonlocal shown
        if time.monotonic() - shown >= every:
            shown = time.monotonic()
            click.echo(f"{label}: {count} of {total}" + (f" ({note})" if note else ""), err=True)

    return show
