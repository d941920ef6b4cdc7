"""`plg fleets`: import sets of vehicles, and bind accounts to them."""

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
from plg.entrypoints.cli.command import Found, runs, shows
from plg.entrypoints.cli.failures import NothingFound
from plg.entrypoints.cli.fleets.vin_list import open_vin_list
from plg.entrypoints.cli.identity.key_owners import PAGE, emails_of, find_account
from plg.entrypoints.cli.output import NOTHING, counted, moment
from plg.entrypoints.cli.progress import progress
from plg.entrypoints.cli.session import new_container, opened, read_settings, session
from plg.entrypoints.http.api.fleets.fleets import fleet_view

HEADS = ("code", "name", "vehicles", "last import")
FOLLOW = "Running processes follow within five seconds."
OPENING = "To let it ask for every vehicle: plg fleets open"
_who = click.argument("who", metavar="EMAIL|ID")
_code = click.argument("code")


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
@shows()
async def import_(*, code: str, file: str, name: str | None, replaces: bool) -> Found:
    """
    Add vehicles to a fleet.

    A fleet with a new code is created. FILE, or standard input, has a VIN per line, or is a CSV
    with a column `vin`. Blank lines and lines that begin with # are ignored. If a line is bad,
    nothing is imported. Nobody sees a part of an import before it is complete.
    """
    order = FleetImport(fleet_code_of(code), None if name is None else name_of(name), replaces)
    container = new_container(read_settings())
    with open_vin_list(file) as vins, progress("Imported", vins.count) as show:
        async with opened(container):
            imported: ImportedFleet = await container.fleets().import_fleet(
                order, vins.vins(), OPERATOR, lambda done: show(done, "")
            )
    note = (
        f"{imported.added} added, {imported.already} already there, {imported.removed} removed. "
        f"{FOLLOW}"
    )
    return Found(_counts(imported), HEADS, [_row(imported.fleet)], note)


@fleets.command("list")
@click.option("--account", "who", metavar="EMAIL|ID", help="Only the fleets of this account.")
@shows()
async def list_(*, who: str | None) -> Found:
    """List fleets by their codes."""
    found: list[Fleet] = []
    page: list[Fleet] | None = None
    rest = ""
    async with session() as container:
        account_id = None if who is None else (await find_account(container, who)).id
        while page is None or len(page) == PAGE:
            after = found[-1].code if found else None
            page = await container.fleets().list_fleets(account_id, after=after, limit=PAGE)
            found += page or []
        if account_id is not None and not found:
            rest = await _without_fleets(container, account_id)
    views = [fleet_view(fleet) for fleet in found]
    count = counted(len(found), "fleet", "fleets")
    return Found(views, HEADS, map(_row, found), f"{count}{rest}")


@fleets.command()
@_code
@shows()
async def show(*, code: str) -> Found:
    """Show a fleet, and the accounts that are bound to it."""
    async with session() as container:
        with _missing_is_nothing():
            shown: ShownFleet = await container.fleets().show_fleet(code)
        emails = await emails_of(container, shown.account_ids)
    fleet = shown.fleet
    rows = [
        ("code", fleet.code),
        ("name", fleet.name),
        ("vehicles", str(fleet.vehicles)),
        ("imported at", moment(fleet.imported_at)),
        *(("account", f"{each}  {emails.get(each, NOTHING)}") for each in shown.account_ids),
    ]
    return Found({"fleet": fleet_view(fleet), "accounts": shown.account_ids}, (), rows)


@fleets.command()
@_code
@runs
async def remove(*, code: str) -> None:
    """Remove a fleet that no account is bound to."""
    async with session() as container:
        with _missing_is_nothing():
            await container.fleets().remove_fleet(code, OPERATOR)
    click.echo(f"Removed: {code}.", err=True)


@fleets.command()
@_who
@_code
@runs
async def bind(*, who: str, code: str) -> None:
    """
    Let an account ask for vehicles of the fleet.

    From then on it may ask for vehicles of its fleets only.
    """
    async with session() as container:
        account = await find_account(container, who)
        with _missing_is_nothing():
            await container.fleets().bind_account(account.id, code, OPERATOR)
    click.echo(f"{who} is bound to {code}. {FOLLOW}", err=True)


@fleets.command()
@_who
@_code
@runs
async def unbind(*, who: str, code: str) -> None:
    """Take a fleet from an account; without any it has no vehicle."""
    async with session() as container:
        account = await find_account(container, who)
        with _missing_is_nothing():
            is_bound = await container.fleets().unbind_account(account.id, code, OPERATOR)
    rest = "It has other fleets." if is_bound else f"It has no vehicle any more. {OPENING} {who}."
    click.echo(f"{who} is not bound to {code} any more. {rest} {FOLLOW}", err=True)


@fleets.command("open")
@_who
@runs
async def open_(*, who: str) -> None:
    """Let an account that has no fleet left ask for every vehicle."""
    async with session() as container:
        account = await find_account(container, who)
        await container.fleets().open_account(account.id, OPERATOR)
    click.echo(f"{who} may ask for every vehicle. {FOLLOW}", err=True)


async def _without_fleets(container: Container, account_id: str) -> str:
    """Tell what an account without fleets may ask for."""
    async with container.access.work().look() as work:
        is_bound = await work.fleets.is_bound(account_id)
    return f": no vehicle. {OPENING} {account_id}" if is_bound else ": every vehicle"


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
