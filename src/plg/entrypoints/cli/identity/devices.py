"""`plg devices`: list and revoke the devices of an account."""

import asyncio

import click

from plg.container import Container
from plg.domain.audit import OPERATOR
from plg.domain.devices.devices import Device
from plg.entrypoints.cli.identity.key_owners import find_account
from plg.entrypoints.cli.output import counted, moment, print_json, print_list
from plg.entrypoints.cli.session import new_container, opened, read_settings
from plg.entrypoints.http.api.devices.device_views import device_view

PAGE = 100
HEADS = ("id", "name", "platform", "state", "last seen")
_account = click.option(
    "--account", "who", metavar="EMAIL|ID", required=True, help="The owner of the devices."
)


@click.group()
def devices() -> None:
    """List and revoke the devices of an account."""


@devices.command("list")
@_account
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(*, who: str, as_json: bool) -> None:
    """List an account's devices by their ids, revoked ones too."""
    found = asyncio.run(_list(new_container(read_settings()), who))
    if as_json:
        print_json([device_view(device) for device in found])
        return
    print_list(HEADS, map(_row, found))
    click.echo(counted(len(found), "device", "devices"), err=True)


@devices.command()
@click.argument("device_id", metavar="ID")
@click.option(
    "--account", "who", metavar="EMAIL|ID", required=True, help="The owner of the device."
)
def revoke(*, device_id: str, who: str) -> None:
    """
    Revoke a device, and end its sessions.

    Running processes follow within five seconds.
    """
    asyncio.run(_revoke(new_container(read_settings()), device_id, who))
    click.echo(f"Revoked: {device_id}. Running processes follow within five seconds.", err=True)


async def _list(container: Container, who: str) -> list[Device]:
    found: list[Device] = []
    page: list[Device] | None = None
    async with opened(container):
        account = await find_account(container, who)
        list_devices = container.devices().list
        while page is None or len(page) == PAGE:
            after = found[-1].id if found else None
            page = await list_devices(account.id, after=after, limit=PAGE)
            found += page or []
    return found


async def _revoke(container: Container, device_id: str, who: str) -> None:
    async with opened(container):
        account = await find_account(container, who)
        await container.devices().revoke(account.id, device_id, OPERATOR)


def _row(device: Device) -> tuple[str | None, ...]:
    seen = device.last_seen_at
    return (
        device.id,
        device.name,
        device.platform,
        "active" if device.revoked_at is None else "revoked",
        "never seen" if seen is None else f"seen {moment(seen)}",
    )
