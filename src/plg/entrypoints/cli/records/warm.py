"""`plg warm`."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, aclosing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import click

from plg.application.records.warm_records import Warmed, WarmResult
from plg.container import Container, running
from plg.container.resources import PLAYERS
from plg.domain.errors import SourceUnavailable
from plg.entrypoints.cli.failures import Failed
from plg.entrypoints.cli.output import counted, print_json
from plg.entrypoints.cli.output_files import written_along
from plg.entrypoints.cli.progress import Show, progress
from plg.entrypoints.cli.ranges import Finite
from plg.entrypoints.cli.records.id_list import IdList, open_id_list
from plg.entrypoints.cli.records.kinds import BUILT_IN, Kind, kind_in, kind_option
from plg.entrypoints.cli.records.warm_state import WarmState
from plg.entrypoints.cli.rereadable import given
from plg.entrypoints.cli.session import (
    new_container,
    opened,
    read_settings,
    read_settings_for_players,
    read_settings_for_vehicles,
)
from plg.settings import Settings

SECONDS_BETWEEN_SAVES = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """
    One run over a list, from where the last one over it for this kind of record stopped.

    `kept_in` is None where the list cannot be read again, `failed` where nobody wants to know.
    """

    kind: Kind
    ids: IdList
    state: WarmState
    kept_in: Path | None
    failed: IO[str] | None

    def keep(self) -> None:
        """Write down how far it has come, after what that rests on."""
        if self.failed is not None:
            self.failed.flush()
        if self.kept_in is not None:
            self.state.save(self.kept_in)

    def add(self, warmed: Warmed) -> None:
        """Count an id, and list it if it failed."""
        self.state.add(warmed)
        if self.failed is not None and warmed.result is WarmResult.FAILED:
            self.failed.write(f"{warmed.text}\n")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@kind_option
@click.option(
    "--rate",
    type=Finite(0.001, 100_000),
    default=50,
    show_default=True,
    help="Maximum calls to the source per second.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 1000),
    default=8,
    show_default=True,
    help="Lookups at the same time.",
)
@click.option("--restart", is_flag=True, help="Start again, not where the last run stopped.")
@click.option(
    "--failed",
    "failed_path",
    type=click.Path(dir_okay=False),
    help="Write the ids that failed to this file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON object.")
def warm(
    *,
    file: str,
    name: str,
    rate: float,
    concurrency: int,
    restart: bool,
    failed_path: str | None,
    as_json: bool,
) -> None:
    """
    Fill the cache with the records of a list of ids.

    FILE has an id, or a VIN for vehicles, per line; - is standard input. Ids that are fresh in the
    cache do not call the source. After an interruption the same command continues where it
    stopped, as long as the file did not change. Exit status 1 if any id failed.
    """
    settings = _settings_for(name)
    container = new_container(settings)
    kind = kind_in(container, name)
    with ExitStack() as stack:
        ids = stack.enter_context(open_id_list(file))
        run = stack.enter_context(
            _run(
                kind,
                ids,
                None if file == "-" else settings.storage.data_dir / "warm",
                failed_path,
                [given(file), *settings.storage.files],
                anew=restart,
            )
        )
        show = stack.enter_context(progress("Warmed", ids.count, run.state.done))
        _until_interrupted(container, run, show, rate, concurrency)
    _summarize(run, as_json=as_json)


def _settings_for(name: str) -> Settings:
    if name == PLAYERS:
        return read_settings_for_players()
    return read_settings_for_vehicles() if name in BUILT_IN else read_settings()


@contextmanager
def _run(
    kind: Kind,
    ids: IdList,
    folder: Path | None,
    failed_path: str | None,
    read: Sequence[Path],
    *,
    anew: bool,
) -> Iterator[Run]:
    kept_in = None if folder is None else folder / f"{kind.name}-{ids.digest}.json"
    state = WarmState() if kept_in is None or anew else WarmState.load(kept_in)
    if kept_in is None:
        click.echo(
            "From standard input: if this is stopped, it cannot be taken up again.", err=True
        )
    if state.done:
        click.echo(f"Going on after the first {state.done} of {ids.count} ids.", err=True)
    if failed_path is None:
        yield Run(kind, ids, state, kept_in, None)
        return
    with written_along(failed_path, read, goes_on=bool(state.done)) as failed:
        yield Run(kind, ids, state, kept_in, failed)


def _until_interrupted(
    container: Container, run: Run, show: Show, rate: float, concurrency: int
) -> None:
    how_to_go_on = (
        "what is cached stays cached"
        if run.kept_in is None
        else "the same command goes on from there"
    )
    try:
        asyncio.run(_warm(container, run, show, rate, concurrency))
    except KeyboardInterrupt:
        at = f"Stopped after {run.state.done} of {run.ids.count} ids"
        raise Failed(f"{at}: {how_to_go_on}.") from None
    except SourceUnavailable as error:
        at = f"The source is down; stopped after {run.state.done} of {run.ids.count} ids"
        raise Failed(f"{at}: {how_to_go_on}.") from error


async def _warm(container: Container, run: Run, show: Show, rate: float, concurrency: int) -> None:
    async with opened(container, needs_cache=True), running(container):
        rest = islice(run.ids.ids(), run.state.done, None)
        results = run.kind.resource.warm(rest, per_second=rate, at_once=concurrency)
        saved = time.monotonic()
        async with aclosing(results):
            try:
                async for warmed in results:
                    run.add(warmed)
                    show(run.state.done, run.state.as_text())
                    if time.monotonic() - saved >= SECONDS_BETWEEN_SAVES:
                        await _write_down(container, run)
                        saved = time.monotonic()
            finally:
                await _write_down(container, run)


async def _write_down(container: Container, run: Run) -> None:
    """Write what is cached and was observed, and only then how far it has come."""
    await run.kind.resource.store.flush()
    await container.vehicles.observation_log().drain()
    run.keep()


def _summarize(run: Run, *, as_json: bool) -> None:
    state = run.state
    if run.kept_in is not None:
        run.kept_in.unlink(missing_ok=True)
    if as_json:
        tally = {result.name.lower(): state.tally.get(result, 0) for result in WarmResult}
        print_json({"ids": state.done, **tally, "reasons": state.reasons})
    else:
        click.echo(f"{counted(state.done, 'id', 'ids')}: {state.as_text()}")
    if state.failed:
        reasons = ", ".join(f"{count} {reason}" for reason, count in state.reasons.items())
        raise Failed(f"{counted(state.failed, 'id', 'ids')} failed: {reasons}.")
