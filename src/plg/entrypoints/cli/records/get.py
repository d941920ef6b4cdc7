"""`plg get`."""

import click
import msgspec

from plg.container import Container
from plg.container.resources import PLAYERS, Resource
from plg.domain.errors import NoMatch
from plg.domain.identity.access import SERVICE_SCOPES, Caller
from plg.domain.records.declared.resources import NAME
from plg.domain.records.lookups import Lookup
from plg.domain.records.players import KillerBiId
from plg.domain.records.record_keys import RecordKey
from plg.domain.records.vehicles import Vin
from plg.entrypoints.cli.command import runs
from plg.entrypoints.cli.output import moment, print_table, span
from plg.entrypoints.cli.records.kinds import kind_in
from plg.entrypoints.cli.session import (
    new_container,
    opened,
    read_settings,
    read_settings_for_players,
    read_settings_for_vehicles,
)

OPERATOR = Caller("operator", SERVICE_SCOPES, is_limited=False)


class ResourceGroup(click.Group):
    """Takes the name of a declared resource as a command."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        known = super().get_command(ctx, cmd_name)
        return known if known is not None or not NAME.fullmatch(cmd_name) else declared(cmd_name)


@click.group(cls=ResourceGroup)
def get() -> None:
    """
    Look a record up, as the API would, without HTTP.

    The name of a declared resource works as the commands below: `plg get products AB-1`.
    """


def declared(name: str) -> click.Command:
    """Return the command that looks a record of this resource up."""

    @click.command(name)
    @click.argument("text", metavar="KEY")
    @click.option(
        "--json", "as_json", is_flag=True, help="Print the body, exactly as the API sends it."
    )
    @runs
    async def look_up(*, text: str, as_json: bool) -> None:
        """
        Look up the record with this key.

        It comes from the cache, or else from the source, and is then cached. Exit status 3 if
        there is no match.
        """
        container = new_container(read_settings())
        resource = kind_in(container, name).resource
        lookup = await _look_up(container, resource, resource.parse(text))
        _print(lookup, container, as_json=as_json)

    return look_up


@get.command()
@click.argument("killer_bi_id", metavar="ID")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the body, exactly as the API sends it."
)
@runs
async def player(*, killer_bi_id: str, as_json: bool) -> None:
    """
    Look up the player with this killer_bi_id.

    It comes from the cache, or else from the source, and is then cached. Exit status 3 if there is
    no match.
    """
    key = KillerBiId.parse(killer_bi_id)
    container = new_container(read_settings_for_players())
    lookup = await _look_up(container, kind_in(container, PLAYERS).resource, key)
    _print(lookup, container, as_json=as_json)


@get.command()
@click.argument("vin", metavar="VIN")
@click.option(
    "--json", "as_json", is_flag=True, help="Print both bodies, exactly as the API sends them."
)
@runs
async def vehicle(*, vin: str, as_json: bool) -> None:
    """
    Look up the vehicle with this VIN: what it is, and how it is.

    Both come from the cache, or else from the source, and are then cached. Exit status 3 if there
    is no such vehicle.
    """
    key = Vin.parse(vin)
    container = new_container(read_settings_for_vehicles())
    async with opened(container, needs_cache=True):
        static: Lookup = await container.vehicles.get_static()(key, OPERATOR)
        dynamic: Lookup | None
        try:
            dynamic = await container.vehicles.get_dynamic()(key, OPERATOR)
        except NoMatch:
            dynamic = None
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


async def _look_up(container: Container, resource: Resource, key: RecordKey) -> Lookup:
    async with opened(container, needs_cache=True):
        return await resource.records(key)


def _print(lookup: Lookup, container: Container, *, as_json: bool) -> None:
    if as_json:
        click.echo(lookup.entry.body, nl=False)
    else:
        _show(lookup, container.clock().now())


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
