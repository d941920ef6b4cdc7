"""`plg fleets`: import sets of vehicles, and bind accounts to them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import click

from plg.application.fleets.import_fleet import FleetImport, ImportedFleet
from plg.application.fleets.show_fleet import ShownFleet
from plg.container import Container
from plg.domain.audit import OPERATOR
from plg.domain.errors import NotFound
from plg.domain.fleets.fleets import Fleet, fleet_code_of
from plg.domain.identity.api_key_fields import name_of
from plg.entrypoints.cli.failures import NothingFound
from plg.entrypoints.cli.fleets.vin_list import VinList, open_vin_list
from plg.entrypoints.cli.identity.key_owners import PAGE, emails_of, find_account
from plg.entrypoints.cli.output import NOTHING, counted, moment, print_json, print_list, print_table
from plg.entrypoints.cli.progress import Show, progress
from plg.entrypoints.cli.session import new_container, opened, read_settings
from plg.entrypoints.http.api.fleets.fleets import fleet_view

HEADS = ("code", "name", "vehicles", "last import")
FOLLOW = "Running processes follow within five seconds."
OPENING = "To let it ask for every vehicle: plg fleets open"
_who = click.argument("who", metavar="EMAIL|ID")
_code = click.argument("code")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def fleets() -> None:
    """Import sets of vehicles, and bind accounts to them."""


@fleets.command("import")
@_code
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True), default="-")
@click.option("--name", help="Name for people.  [default: unchanged, at first the code]")
@click.option(
    "--replace", "replaces", is_flag=True, help="Remove vehicles that are not in the list."
)
@_as_json
def import_(*, code: str, file: str, name: str | None, replaces: bool, as_json: bool) -> None:
    """
    Add vehicles to a fleet.

    A fleet with a new code is created. FILE, or standard input, has a VIN per line, or is a CSV
    with a column `vin`. Blank lines and lines that begin with # are ignored. If a line is bad,
    nothing is imported. Nobody sees a part of an import before it is complete.
    """
    order = FleetImport(fleet_code_of(code), None if name is None else name_of(name), replaces)
    container = new_container(read_settings())
    with open_vin_list(file) as vins, progress("Imported", vins.count) as show:
        imported = asyncio.run(_import(container, order, vins, show))
    if as_json:
        print_json(_counts(imported))
        return
    print_list(HEADS, [_row(imported.fleet)])
    click.echo(
        f"{imported.added} added, {imported.already} already there, {imported.removed} removed. "
        f"{FOLLOW}",
        err=True,
    )


@fleets.command("list")
@click.option("--account", "who", metavar="EMAIL|ID", help="Only the fleets of this account.")
@_as_json
def list_(*, who: str | None, as_json: bool) -> None:
    """List fleets by their codes."""
    found, rest = asyncio.run(_list(new_container(read_settings()), who))
    if as_json:
        print_json([fleet_view(fleet) for fleet in found])
        return
    print_list(HEADS, map(_row, found))
    click.echo(f"{counted(len(found), 'fleet', 'fleets')}{rest}", err=True)


@fleets.command()
@_code
@_as_json
def show(*, code: str, as_json: bool) -> None:
    """Show a fleet, and the accounts that are bound to it."""
    shown, emails = asyncio.run(_show(new_container(read_settings()), code))
    fleet = shown.fleet
    if as_json:
        print_json({"fleet": fleet_view(fleet), "accounts": shown.account_ids})
        return
    print_table(
        [
            ("code", fleet.code),
            ("name", fleet.name),
            ("vehicles", fleet.vehicles),
            ("imported at", moment(fleet.imported_at)),
            *(("account", f"{each}  {emails.get(each, NOTHING)}") for each in shown.account_ids),
        ]
    )


@fleets.command()
@_code
def remove(*, code: str) -> None:
    """Remove a fleet that no account is bound to."""
    asyncio.run(_remove(new_container(read_settings()), code))
    click.echo(f"Removed: {code}.", err=True)


@fleets.command()
@_who
@_code
def bind(*, who: str, code: str) -> None:
    """
    Let an account ask for vehicles of the fleet.

    From then on it may ask for vehicles of its fleets only.
    """
    asyncio.run(_bind(new_container(read_settings()), who, code))
    click.echo(f"{who} is bound to {code}. {FOLLOW}", err=True)


@fleets.command()
@_who
@_code
def unbind(*, who: str, code: str) -> None:
    """Take a fleet from an account; without any it has no vehicle."""
    is_bound = asyncio.run(_unbind(new_container(read_settings()), who, code))
    rest = "It has other fleets." if is_bound else f"It has no vehicle any more. {OPENING} {who}."
    click.echo(f"{who} is not bound to {code} any more. {rest} {FOLLOW}", err=True)


@fleets.command("open")
@_who
def open_(*, who: str) -> None:
    """Let an account that has no fleet left ask for every vehicle."""
    asyncio.run(_open(new_container(read_settings()), who))
    click.echo(f"{who} may ask for every vehicle. {FOLLOW}", err=True)


async def _import(
    container: Container, order: FleetImport, vins: VinList, show: Show
) -> ImportedFleet:
    async with opened(container):
        imported: ImportedFleet = await container.fleets().import_fleet(
            order, vins.vins(), OPERATOR, lambda done: show(done, "")
        )
        return imported


async def _list(container: Container, who: str | None) -> tuple[list[Fleet], str]:
    async with opened(container):
        account_id = None if who is None else (await find_account(container, who)).id
        found: list[Fleet] = []
        page: list[Fleet] | None = None
        while page is None or len(page) == PAGE:
            after = found[-1].code if found else None
            page = await container.fleets().list_fleets(account_id, after=after, limit=PAGE)
            found += page or []
        if account_id is None or found:
            return found, ""
        return found, await _without_fleets(container, account_id)


async def _without_fleets(container: Container, account_id: str) -> str:
    """Tell what an account without fleets may ask for."""
    async with container.access.work().look() as work:
        is_bound = await work.fleets.is_bound(account_id)
    return f": no vehicle. {OPENING} {account_id}" if is_bound else ": every vehicle"


async def _show(container: Container, code: str) -> tuple[ShownFleet, dict[str, str]]:
    async with opened(container):
        with _missing_is_nothing():
            shown: ShownFleet = await container.fleets().show_fleet(code)
            return shown, await emails_of(container, shown.account_ids)


async def _remove(container: Container, code: str) -> None:
    async with opened(container):
        with _missing_is_nothing():
            await container.fleets().remove_fleet(code, OPERATOR)


async def _bind(container: Container, who: str, code: str) -> None:
    async with opened(container):
        account = await find_account(container, who)
        with _missing_is_nothing():
            await container.fleets().bind_account(account.id, code, OPERATOR)


async def _unbind(container: Container, who: str, code: str) -> bool:
    async with opened(container):
        account = await find_account(container, who)
        with _missing_is_nothing():
            is_bound: bool = await container.fleets().unbind_account(account.id, code, OPERATOR)
            return is_bound


async def _open(container: Container, who: str) -> None:
    async with opened(container):
        account = await find_account(container, who)
        await container.fleets().open_account(account.id, OPERATOR)


@contextmanager
def _missing_is_nothing() -> Iterator[None]:
    try:
        yield
    except NotFound as error:
        raise NothingFound(str(error)) from error


def _row(fleet: Fleet) -> tuple[str, ...]:
    vehicles = counted(fleet.vehicles, "vehicle", "vehicles")
    return fleet.code, fleet.name, vehicles, f"imported {moment(fleet.imported_at)}"


def _counts(imported: ImportedFleet) -> dict[str, object]:
    return {
        "fleet": fleet_view(imported.fleet),
        "added": imported.added,
        "already": imported.already,
        "removed": imported.removed,
    }
