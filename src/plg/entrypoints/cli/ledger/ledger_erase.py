"""`plg ledger erase-record-key`."""

from dataclasses import asdict, replace

import click

from plg.application.ledger.erase_record_key import Erasure, ErasureQuery
from plg.domain.audit import OPERATOR
from plg.domain.errors import InvalidParameter
from plg.domain.records.players import KillerBiId
from plg.domain.records.vehicles import Vin
from plg.entrypoints.cli.command import runs
from plg.entrypoints.cli.identity.key_owners import find_account
from plg.entrypoints.cli.output import counted, print_json
from plg.entrypoints.cli.session import session


@click.command("erase-record-key")
@click.argument("key")
@click.option("--account", "who", metavar="EMAIL|ID", help="Only in this account.")
@click.option("--resource", metavar="NAME", help="Only in records of this kind.")
@click.option("--archives", "in_files", is_flag=True, help="Also in files of archived records.")
@click.option(
    "--observations",
    "in_observations",
    is_flag=True,
    help="Also remove the observations of this vehicle.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@runs
async def erase_record_key(
    *,
    key: str,
    who: str | None,
    resource: str | None,
    in_files: bool,
    in_observations: bool,
    as_json: bool,
) -> None:
    """
    Erase a record key, such as a VIN, from the ledger.

    A keyed digest replaces it, so that `plg ledger verify` still succeeds. A gateway may serve
    meanwhile; after an interruption, call it again.
    """
    query = ErasureQuery(
        _forms(key), resource=resource, in_files=in_files, in_observations=in_observations
    )
    async with session(needs_signing_keys=False) as container:
        if who is not None:
            query = replace(query, account_id=(await find_account(container, who)).id)
        done: Erasure = await container.usage().erase_record_key(query, OPERATOR)
    if as_json:
        print_json(asdict(done))
        return
    click.echo(
        f"{counted(done.records, 'record', 'records')}, "
        f"{counted(done.vehicles, 'day of a vehicle', 'days of a vehicle')}, "
        f"{counted(done.bindings, 'idempotency key', 'idempotency keys')}, "
        f"{counted(done.observations, 'observation', 'observations')}."
    )
    _tell_files(done)


def _tell_files(done: Erasure) -> None:
    for file in done.rewritten:
        click.echo(f"Erased in {file}.")
    for file in done.holding:
        click.echo(f"Still in {file}: call this again with --archives to have it erased there.")
    for file in done.unread:
        click.echo(f"Not looked into, as it is not there: {file}.")


def _forms(key: str) -> frozenset[str]:
    """
    Return a key as it may stand in the ledger: as a player's, and as a vehicle's.

    Raises:
        InvalidParameter: If it can be neither.
    """
    forms = {KillerBiId.parse(key).value}
    try:
        forms.add(Vin.parse(key).value)
    except InvalidParameter:
        return frozenset(forms)
    return frozenset(forms)
