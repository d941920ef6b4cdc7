"""`plg cache`: look into it, and empty it."""

import asyncio
import sys

import click
import msgspec

from plg.application.ports.cache import CacheStats
from plg.container import PLAYERS, Container
from plg.domain.entries import Entry
from plg.domain.errors import NoMatch
from plg.domain.players import KillerBiId
from plg.entrypoints.cli.cache_transfer import export_entries, import_entries
from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.output import counted, moment, print_json, print_table, size, span
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
        print_json({PLAYERS: held})
    else:
        entries = counted(held.entries, "entry", "entries")
        print_table(((PLAYERS, f"{entries}, {size(held.body_bytes)} of bodies"),))


@cache.command()
@click.argument("killer_bi_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, the body in it.")
def show(*, killer_bi_id: str, as_json: bool) -> None:
    """Show an entry, and how fresh it is; the source is not asked."""
    key = KillerBiId.parse(killer_bi_id)
    container = new_container(read_settings())
    entry = asyncio.run(_entry(container, key))
    if entry is None:
        raise NoMatch(f"nothing is cached under {key.value}")
    now: float = container.clock().now()
    state = _state(container, entry, now)
    if as_json:
        print_json(_as_json(key, entry, state, now))
        return
    left = entry.ttl - entry.age(now)
    print_table(
        (
            ("key", f"{PLAYERS} {key.value}"),
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
@click.argument("killer_bi_id", metavar="[ID]", required=False)
@click.option("--all", "everything", is_flag=True, help="Forget every record.")
@click.option("--yes", is_flag=True, help="Do not ask whether that is meant.")
def purge(*, killer_bi_id: str | None, everything: bool, yes: bool) -> None:
    """
    Forget one record or all, everywhere.

    The next lookup asks the source. Processes that serve from the same cache database follow
    within five seconds.
    """
    if everything == (killer_bi_id is not None):
        raise WrongUse("Give either an id or --all.")
    key = None if killer_bi_id is None else KillerBiId.parse(killer_bi_id)
    container = new_container(read_settings())
    if key is None and not yes and sys.stdin.isatty():
        entries = counted(asyncio.run(_stats(container)).entries, "entry", "entries")
        click.confirm(f"Forget {entries}?", abort=True)
    asyncio.run(_purge(container, key))
    what = "all records" if key is None else key.value
    click.echo(f"Forgotten: {what}. Running processes follow within five seconds.", err=True)


async def _stats(container: Container) -> CacheStats:
    async with opened(container):
        held: CacheStats = await container.player_store().stats()
        return held


async def _entry(container: Container, key: KillerBiId) -> Entry | None:
    async with opened(container):
        entry: Entry | None = await container.player_store().get(key)
        return entry


async def _purge(container: Container, key: KillerBiId | None) -> None:
    async with opened(container):
        await container.purge_players()(key)


def _state(container: Container, entry: Entry, now: float) -> str:
    if entry.is_fresh(now):
        return "fresh"
    return "stale" if now < container.policy().expires_at(entry) else "expired"


def _as_json(key: KillerBiId, entry: Entry, state: str, now: float) -> dict[str, object]:
    return {
        "resource": PLAYERS,
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
