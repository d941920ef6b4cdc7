"""`plg get`."""

import asyncio

import click
import msgspec

from plg.container import Container
from plg.domain.errors import NoMatch
from plg.domain.identity.access import SERVICE_SCOPES, Caller
from plg.domain.records.lookups import Lookup
from plg.domain.records.players import KillerBiId
from plg.domain.records.vehicles import Vin
from plg.entrypoints.cli.output import moment, print_table, span
from plg.entrypoints.cli.session import (
    new_container,
    opened,
    read_settings_for_players,
    read_settings_for_vehicles,
)

OPERATOR = Caller("operator", SERVICE_SCOPES, is_limited=False)


@click.group()
def get() -> None:
    """Look a record up, as the API would, without HTTP."""


@get.command()
@click.argument("killer_bi_id", metavar="ID")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the body, exactly as the API sends it."
)
def player(*, killer_bi_id: str, as_json: bool) -> None:
    """
    Look up the player with this killer_bi_id.

    It comes from the cache where that may be, else from the source, and is then cached.
    """
    key = KillerBiId.parse(killer_bi_id)
    container = new_container(read_settings_for_players())
    lookup = asyncio.run(_look_up(container, key))
    if as_json:
        click.echo(lookup.entry.body, nl=False)
    else:
        _show(lookup, container.clock().now())


@get.command()
@click.argument("vin", metavar="VIN")
@click.option(
    "--json", "as_json", is_flag=True, help="Print both bodies, exactly as the API sends them."
)
def vehicle(*, vin: str, as_json: bool) -> None:
    """
    Look up the vehicle with this VIN: what it is, and how it is.

    Both come from the cache where that may be, else from the source, and are then cached.
    """
    key = Vin.parse(vin)
    container = new_container(read_settings_for_vehicles())
    static, dynamic = asyncio.run(_look_up_vehicle(container, key))
    if as_json:
        body = b"null" if dynamic is None else dynamic.entry.body
        click.echo(b'{"static":%b,"dynamic":%b}' % (static.entry.body, body), nl=False)
        return
    now = container.clock().now()
    _show(static, now)
    click.echo()
    if dynamic is None:
        click.echo("The source has no dynamic data of it.")
    else:
        _show(dynamic, now)


async def _look_up(container: Container, key: KillerBiId) -> Lookup:
    async with opened(container, needs_cache=True):
        lookup: Lookup = await container.get_player()(key, OPERATOR)
        return lookup


async def _look_up_vehicle(container: Container, vin: Vin) -> tuple[Lookup, Lookup | None]:
    async with opened(container, needs_cache=True):
        static: Lookup = await container.vehicles.get_static()(vin, OPERATOR)
        try:
            dynamic: Lookup = await container.vehicles.get_dynamic()(vin, OPERATOR)
        except NoMatch:
            return static, None
        return static, dynamic


def _show(lookup: Lookup, now: float) -> None:
    entry = lookup.entry
    left = entry.ttl - entry.age(now)
    freshness = f"fresh for {span(left)}" if left > 0 else f"stale for {span(left)}"
    print_table(
        (
            ("outcome", lookup.outcome),
            ("age", f"{span(entry.age(now))}, {freshness}"),
            ("ETag", entry.etag.decode()),
            ("fetched", moment(entry.fetched_at)),
        )
    )
    click.echo()
    click.echo(msgspec.json.format(entry.body, indent=2))
