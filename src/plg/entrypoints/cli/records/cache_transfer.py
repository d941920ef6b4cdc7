"""`plg cache export` and `plg cache import`."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

import click

from plg.container import Container
from plg.domain.records.entries import Entry
from plg.entrypoints.cli.failures import Failed
from plg.entrypoints.cli.output import counted
from plg.entrypoints.cli.output_files import written_whole
from plg.entrypoints.cli.progress import Show, progress
from plg.entrypoints.cli.records.cache_lines import BadLine, numbered_lines, read_line, write_line
from plg.entrypoints.cli.records.kinds import Key, Kind, kinds_in
from plg.entrypoints.cli.rereadable import open_rereadable
from plg.entrypoints.cli.session import new_container, opened, read_settings

AT_ONCE = 200
GROUP_BYTES = 4 * 1024 * 1024
BAD_LINES_SHOWN = 20

Line = tuple[Kind, Key, Entry]


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
def export_entries(*, file: str) -> None:
    """
    Write all entries as JSON Lines.

    They go to FILE or standard output, one per line: resource, key, body (as text, exactly),
    etag, validator, fetched_at, validated_at, ttl. FILE appears when all is written, readable by
    its owner only; a link is followed, and a device or FIFO is written to.
    """
    settings = read_settings()
    count = asyncio.run(_export(new_container(settings), file, settings.storage.files))
    click.echo(f"{counted(count, 'entry', 'entries')} exported.", err=True)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True), default="-")
def import_entries(*, file: str) -> None:
    """
    Read what `plg cache export` wrote.

    From FILE or standard input. All lines are checked first: if one is bad, nothing
    is imported. An entry never replaces one that was validated later.
    """
    container = new_container(read_settings())
    with open_rereadable(file) as source:
        count = _check(container, file, source)
        with progress("Imported", count) as show:
            taken = asyncio.run(_import(container, source, show))
    click.echo(
        f"{counted(taken, 'entry', 'entries')} imported, {count - taken} known as new or newer.",
        err=True,
    )


async def _export(container: Container, path: str, read: Sequence[Path]) -> int:
    async with opened(container, needs_cache=True):
        kinds = kinds_in(container).values()
        total = sum([(await kind.resource.store.stats()).entries for kind in kinds])
        count = 0
        with written_whole(path, read) as file, progress("Exported", total) as show:
            for kind in kinds:
                async for key, entry in kind.resource.store.entries():
                    file.write(write_line(kind, key, entry))
                    count += 1
                    show(count, "")
        return count


def _check(container: Container, path: str, file: IO[bytes]) -> int:
    """
    Return how many entries the file holds.

    Raises:
        Failed: If a line is bad; the first ones are named before.
    """
    kinds, etag_of, now = kinds_in(container), container.etag_of(), container.clock().now()
    good = bad = 0
    for number, text in numbered_lines(file):
        try:
            read_line(text, kinds, etag_of, now)
        except BadLine as error:
            bad += 1
            if bad <= BAD_LINES_SHOWN:
                click.echo(f"{path}, line {number}: {error}", err=True)
        else:
            good += 1
    if bad:
        are = "is" if bad == 1 else "are"
        raise Failed(f"{bad} of {good + bad} lines {are} bad: nothing was imported.")
    return good


async def _import(container: Container, file: IO[bytes], show: Show) -> int:
    kinds, etag_of, now = kinds_in(container), container.etag_of(), container.clock().now()
    lines = (read_line(text, kinds, etag_of, now) for _, text in numbered_lines(file))
    done = taken = 0
    async with opened(container, needs_cache=True):
        while group := _next_group(lines):
            taken += await _take_over(group)
            done += len(group)
            show(done, "")
    return taken


async def _take_over(group: list[Line]) -> int:
    taken = 0
    for kind in {each.name: each for each, _, _ in group}.values():
        entries = [(key, entry) for theirs, key, entry in group if theirs is kind]
        taken += await kind.resource.import_entries(entries)
    return taken


def _next_group(lines: Iterator[Line]) -> list[Line]:
    """Return entries enough for one round, in memory and in the tier's queue of writes."""
    group, size = [], 0
    for line in islice(lines, AT_ONCE):
        group.append(line)
        size += len(line[2].body)
        if size > GROUP_BYTES:
            break
    return group
