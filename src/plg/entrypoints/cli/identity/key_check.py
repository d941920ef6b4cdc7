"""`plg keys verify`."""

import sys

import click

from plg.application.identity.verify_key import Verified
from plg.container import Container
from plg.domain.errors import ForbiddenNetwork, InvalidCredential
from plg.entrypoints.cli.command import runs
from plg.entrypoints.cli.output import moment, print_json
from plg.entrypoints.cli.session import session


@click.command()
@click.option("--from", "address", help="Also check that it may be used from this address.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
@runs
async def verify(ctx: click.Context, *, address: str | None, as_json: bool) -> None:
    """
    Check whether a key works, and if not, why.

    Exit status 0 or 1. The key is read from standard input, or asked for on a terminal; it is never
    an argument, which others on the machine could see.
    """
    if sys.stdin.isatty():
        key = click.prompt("Key", hide_input=True, err=True)
    else:
        key = sys.stdin.readline()
    async with session() as container:
        good, what = await _verdict(container, key.strip(), address)
    if as_json:
        print_json({"good": good, "detail": what})
    else:
        click.echo(f"{'good' if good else 'not good'}: {what}")
    ctx.exit(0 if good else 1)


async def _verdict(container: Container, key: str, address: str | None) -> tuple[bool, str]:
    try:
        verified = await container.keys().verify(key, address)
    except ForbiddenNetwork as error:
        if address is not None:
            return False, str(error)
        return True, "It may be used from its own networks only: check one with --from."
    except InvalidCredential as error:
        return False, str(error)
    return True, _told(verified)


def _told(verified: Verified) -> str:
    ends = verified.ends_at
    until = "without end" if ends == float("inf") else f"until {moment(ends)}"
    return (
        f"Key {verified.caller.key_id} of account {verified.account_id}, {until}, "
        f"for {' '.join(sorted(verified.caller.scopes)) or 'nothing'}."
    )
