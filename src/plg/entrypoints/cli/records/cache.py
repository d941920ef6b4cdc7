"""`plg cache`: look into it, and empty it."""

import sys

import click
import msgspec

from plg.application.ports.records.cache import CacheStats
from plg.container import Container
from plg.container.resources import PLAYERS
from plg.domain.errors import NoMatch
from plg.domain.records.declared.resources import NAME
from plg.domain.records.entries import Entry
from plg.domain.records.freshness import FreshnessPolicy
from plg.entrypoints.cli.command import Found, runs, shows
from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.output import (
    counted,
    moment,
    print_json,
    print_table,
    size,
    span,
)
from plg.entrypoints.cli.records.cache_transfer import export_entries, import_entries
from plg.entrypoints.cli.records.kinds import Key, kind_in, kind_option, kinds_in
from plg.entrypoints.cli.session import new_container, opened, read_settings, session


@click.group(commands=[export_entries, import_entries])
def cache() -> None:
    """Look into the cache, empty it, move it."""


@cache.command()
@shows("Print one JSON object.")
async def stats() -> Found:
    """Count what the cache database holds."""
    async with session(needs_cache=True) as container:
        held = await _stats(container)
    rows = [
        (name, counted(each.entries, "entry", "entries"), f"{size(each.body_bytes)} of bodies")
        for name, each in held.items()
    ]
    return Found(held, ("resource", "entries", "bodies"), rows)


@cache.command()
@click.argument("text", metavar="ID")
@kind_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with the body.")
@runs
async def show(*, text: str, name: str, as_json: bool) -> None:
    """Show an entry, and how fresh it is; the source is not asked."""
    container = new_container(read_settings())
    kind = kind_in(container, name)
    key = kind.resource.parse(text)
    async with opened(container, needs_cache=True):
        entry = await kind.resource.store.get(key)
    if entry is None:
        raise NoMatch(f"nothing is cached under {key.value}")
    now: float = container.clock().now()
    state = _state(kind.resource.records.policy, entry, now)
    if as_json:
        print_json({"resource": kind.name, **_as_json(key, entry, state, now)})
        return
    left = entry.ttl - entry.age(now)
    print_table(
        (
            ("key", f"{kind.name} {key.value}"),
            ("state", f"{state}, {span(left)} {'left' if left > 0 else 'past its TTL'}"),
            ("age", span(entry.age(now))),
            ("ETag", entry.etag.decode()),
            ("validator", entry.validator or "none"),
            ("fetched", moment(entry.fetched_at)),
            ("validated", moment(entry.validated_at)),
            ("size", size(len(entry.body))),
        )
    )


@cache.command()
@click.argument("text", metavar="[ID]", required=False)
@click.option(
    "--resource",
    "name",
    metavar="NAME",
    help="The kind of record; without an id all of that kind.  [default: players]",
)
@click.option("--all", "everything", is_flag=True, help="Every record of every kind.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@runs
async def purge(*, text: str | None, name: str | None, everything: bool, yes: bool) -> None:
    """
    Forget one record, all of a kind, or all, everywhere.

    The next lookup asks the source. Processes that serve from the same cache database follow
    within five seconds. It also works for kinds that are not declared any more.
    """
    if everything == (text is not None or name is not None):
        raise WrongUse("Give an id, a --resource or both, or --all.")
    container = new_container(read_settings())
    kind = None if text is None else kind_in(container, name or PLAYERS)
    if kind is not None and text is not None:
        key = kind.resource.parse(text)
        async with opened(container, needs_cache=True):
            await kind.resource.purge(key)
        _tell_forgotten(key.value)
        return
    names = [*kinds_in(container)] if name is None else [_known(container, name)]
    async with opened(container, needs_cache=True):
        if not yes and sys.stdin.isatty():
            held = await _stats(container)
            count = sum(held[each].entries for each in names if each in held)
            click.confirm(f"Forget {counted(count, 'entry', 'entries')}?", abort=True)
        kinds = kinds_in(container)
        for each in names:
            if each in kinds:
                await kinds[each].resource.purge(None)
            else:
                await container.purge_former()(each)
    _tell_forgotten("all records" if name is None else f"all records of {name}")


def _tell_forgotten(what: str) -> None:
    click.echo(f"Forgotten: {what}. Running processes follow within five seconds.", err=True)


def _known(container: Container, name: str) -> str:
    """Return the name, which may be that of a former resource."""
    return name if NAME.fullmatch(name) else kind_in(container, name).name


async def _stats(container: Container) -> dict[str, CacheStats]:
    kinds = kinds_in(container).values()
    return {kind.name: await kind.resource.store.stats() for kind in kinds}


def _state(policy: FreshnessPolicy, entry: Entry, now: float) -> str:
    if entry.is_fresh(now):
        return "fresh"
    return "expired" if policy.is_expired(entry, now) else "stale"


def _as_json(key: Key, entry: Entry, state: str, now: float) -> dict[str, object]:
    return {
        "key": key.value,
        "state": state,
        "age_seconds": round(entry.age(now), 3),
        "ttl_seconds": entry.ttl,
        "ttl_left_seconds": round(entry.ttl - entry.age(now), 3),
        "etag": entry.etag.decode(),
        "validator": entry.validator,
        "fetched_at": moment(entry.fetched_at),
        "validated_at": moment(entry.validated_at),
        "size_bytes": len(entry.body),
        "body": msgspec.Raw(entry.body),
    }
