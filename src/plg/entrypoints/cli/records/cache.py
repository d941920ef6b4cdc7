"""`plg cache`: look into it, and empty it."""

import asyncio
import sys

import click
import msgspec

from plg.application.ports.records.cache import CacheStats
from plg.container import Container
from plg.domain.errors import NoMatch
from plg.domain.records.entries import Entry
from plg.domain.records.freshness import FreshnessPolicy
from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.output import (
    counted,
    moment,
    print_json,
    print_list,
    print_table,
    size,
    span,
)
from plg.entrypoints.cli.records.cache_transfer import export_entries, import_entries
from plg.entrypoints.cli.records.kinds import KINDS, Key, Kind, kind_option
from plg.entrypoints.cli.session import new_container, opened, read_settings


@click.group(commands=[export_entries, import_entries])
def cache() -> None:
    """Look into the cache, empty it, move it."""


@cache.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def stats(*, as_json: bool) -> None:
    """Count what the cache database holds."""
    held = asyncio.run(_stats(new_container(read_settings())))
    if as_json:
        print_json(held)
    else:
        print_list(
            ("resource", "entries", "bodies"),
            (
                (
                    name,
                    counted(each.entries, "entry", "entries"),
                    f"{size(each.body_bytes)} of bodies",
                )
                for name, each in held.items()
            ),
        )


@cache.command()
@click.argument("text", metavar="ID")
@kind_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, the body in it.")
def show(*, text: str, kind: Kind, as_json: bool) -> None:
    """Show an entry, and how fresh it is; the source is not asked."""
    key = kind.key.parse(text)
    container = new_container(read_settings())
    entry = asyncio.run(_entry(container, kind, key))
    if entry is None:
        raise NoMatch(f"nothing is cached under {key.value}")
    now: float = container.clock().now()
    state = _state(kind.of(container).records.policy, entry, now)
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
@kind_option
@click.option("--all", "everything", is_flag=True, help="Forget every record of every kind.")
@click.option("--yes", is_flag=True, help="Do not ask whether that is meant.")
def purge(*, text: str | None, kind: Kind, everything: bool, yes: bool) -> None:
    """
    Forget one record or all, everywhere.

    The next lookup asks the source. Processes that serve from the same cache database follow
    within five seconds.
    """
    if everything == (text is not None):
        raise WrongUse("Give either an id or --all.")
    key = None if text is None else kind.key.parse(text)
    container = new_container(read_settings())
    if key is None and not yes and sys.stdin.isatty():
        held = asyncio.run(_stats(container)).values()
        entries = counted(sum(each.entries for each in held), "entry", "entries")
        click.confirm(f"Forget {entries}?", abort=True)
    asyncio.run(_purge(container, [*KINDS.values()] if key is None else [kind], key))
    what = "all records" if key is None else key.value
    click.echo(f"Forgotten: {what}. Running processes follow within five seconds.", err=True)


async def _stats(container: Container) -> dict[str, CacheStats]:
    async with opened(container, needs_cache=True):
        return {kind.name: await kind.of(container).store.stats() for kind in KINDS.values()}


async def _entry(container: Container, kind: Kind, key: Key) -> Entry | None:
    async with opened(container, needs_cache=True):
        return await kind.of(container).store.get(key)


async def _purge(container: Container, kinds: list[Kind], key: Key | None) -> None:
    async with opened(container, needs_cache=True):
        for kind in kinds:
            await kind.of(container).purge(key)


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
