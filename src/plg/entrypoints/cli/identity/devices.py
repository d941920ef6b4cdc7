"""`plg devices`: list and revoke the devices of an account."""

import click

from plg.domain.audit import OPERATOR
from plg.domain.devices.devices import Device
from plg.entrypoints.cli.command import Found, runs, shows
from plg.entrypoints.cli.identity.key_owners import find_account
from plg.entrypoints.cli.output import counted, moment
from plg.entrypoints.cli.session import session
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
@shows()
async def list_(*, who: str) -> Found:
    """List an account's devices by their ids, revoked ones too."""
    found: list[Device] = []
    page: list[Device] | None = None
    async with session() as container:
        account = await find_account(container, who)
        list_devices = container.devices().list
        while page is None or len(page) == PAGE:
            after = found[-1].id if found else None
            page = await list_devices(account.id, after=after, limit=PAGE)
            found += page or []
    views = [device_view(device) for device in found]
    return Found(views, HEADS, map(_row, found), counted(len(found), "device", "devices"))


@devices.command()
@click.argument("device_id", metavar="ID")
@click.option(
    "--account", "who", metavar="EMAIL|ID", required=True, help="The owner of the device."
)
@runs
async def revoke(*, device_id: str, who: str) -> None:
    """
    Revoke a device, and end its sessions.

    Running processes follow within five seconds.
    """
    async with session() as container:
        account = await find_account(container, who)
        await container.devices().revoke(account.id, device_id, OPERATOR)
    click.echo(f"Revoked: {device_id}. Running processes follow within five seconds.", err=True)


def _row(device: Device) -> tuple[str | None, ...]:
    seen = device.last_seen_at
    return (
        device.id,
        device.name,
        device.platform,
        "active" if device.revoked_at is None else "revoked",
        "never seen" if seen is None else f"seen {moment(seen)}",
    )
