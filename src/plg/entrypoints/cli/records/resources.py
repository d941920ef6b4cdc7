"""`plg resources`."""

import asyncio
import os
import signal
from collections.abc import Mapping
from typing import Any, Final

import click
import msgspec

from plg.application.records.check_resource import Checked
from plg.container import Container
from plg.domain.records.declared.resources import TAKEN, ResourceSpec
from plg.entrypoints.cli.failures import Failed, NothingFound
from plg.entrypoints.cli.output import counted, print_json, print_list
from plg.entrypoints.cli.records.resources_init import init
from plg.entrypoints.cli.session import new_container, read_settings
from plg.settings import Settings
from plg.settings.concerns import CacheSettings
from plg.settings.resources.built_in import built_in_document
from plg.settings.resources.file import document_of, read_text
from plg.settings.resources.short import document_of_short
from plg.settings.resources.toml_texts import toml_of, without_secrets

RECORD_SHOWN: Final = 120
"""Characters of a record that fit into its line."""


@click.group()
def resources() -> None:
    """Declare kinds of records, and check what is declared."""


resources.add_command(init)


@resources.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, with whole records.")
@click.pass_context
def check(ctx: click.Context, *, as_json: bool) -> None:
    """
    Ask every source for its example, and show the record.

    It asks the sources at the same time, without the cache. Exit status 1 if one gives no usable
    answer. A resource without an example key is skipped, and listed as such.
    """
    found = asyncio.run(_check(new_container(read_settings())))
    if as_json:
        print_json([_check_view(each) for each in found])
    else:
        print_list(("", "RESOURCE", "KEY", "RECORD"), map(_check_line, found))
    if any(each.failure for each in found):
        ctx.exit(1)


@resources.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(*, as_json: bool) -> None:
    """List the resources that are declared."""
    settings = read_settings()
    views = [_view(spec, settings.cache) for spec in settings.catalogue.resources]
    if as_json:
        print_json(views)
        return
    print_list(
        ("NAME", "SOURCE", "PATHS", "SCOPE", "FRESHNESS"),
        (
            (
                view["name"],
                view["source"],
                " ".join(view["paths"]),
                view["scope"],
                _freshness(view),
            )
            for view in views
        ),
    )


@resources.command()
@click.argument("name", metavar="NAME")
def show(*, name: str) -> None:
    """
    Print a declaration as TOML, with its source.

    Players and vehicles (players, vehicle_static, vehicle_dynamic) need no declaration, but are
    shown as one. Variables stay as they are written; other possible secrets are shown as `***`.
    """
    settings = read_settings()
    document = built_in_document() if name in TAKEN else _document(settings)
    table = document.get("resource", {}).get(name)
    if table is None:
        raise NothingFound(f"No resource is named {name}: `plg resources list` names them.")
    source = table["source"]
    click.echo(toml_of("source", source, without_secrets(document["source"][source])))
    click.echo(toml_of("resource", name, without_secrets(table)), nl=False)


@resources.command()
def reload() -> None:
    """
    Have running gateways read the declarations again.

    These are the gateways that serve from DATA_DIR. The file is checked first: with a mistake in it
    nothing changes, and the exit status is 2; without a gateway it is 1.
    """
    pids = new_container(read_settings()).gateways().running()
    if not pids:
        raise Failed("No gateway serves from this DATA_DIR.")
    for pid in pids:
        os.kill(pid, signal.SIGHUP)
    click.echo(f"{counted(len(pids), 'gateway', 'gateways')} told.", err=True)


def _document(settings: Settings) -> dict[str, Any]:
    """Return all that is declared as the operator wrote it."""
    file = settings.resources.file
    written: Mapping[str, Any] = {} if file is None else document_of(file, read_text(file))
    short = document_of_short(settings.resources.short)
    return {kind: {**written.get(kind, {}), **short[kind]} for kind in short}


async def _check(container: Container) -> list[Checked]:
    declared = container.declared()
    try:
        return list(await asyncio.gather(*(check() for check in declared.checks())))
    finally:
        await declared.aclose()


def _check_line(checked: Checked) -> tuple[str, str, str | None, str]:
    spec = checked.spec
    if checked.failure is not None:
        return "failed", spec.name, spec.key.example, str(checked.failure)
    if checked.document is None:
        return "skipped", spec.name, None, "its key has no example to ask for"
    text = msgspec.json.format(checked.document, indent=-1).decode()
    shown = text if len(text) <= RECORD_SHOWN else f"{text[:RECORD_SHOWN]}..."
    return "ok", spec.name, spec.key.example, shown


def _check_view(checked: Checked) -> dict[str, Any]:
    document = checked.document
    return {
        "name": checked.spec.name,
        "key": checked.spec.key.example,
        "record": None if document is None else msgspec.Raw(document),
        "error": None if checked.failure is None else str(checked.failure),
    }


def _view(spec: ResourceSpec, cache: CacheSettings) -> dict[str, Any]:
    own = spec.freshness
    bounds = (
        "ttl_seconds",
        "stale_while_revalidate_seconds",
        "stale_if_error_seconds",
        "negative_ttl_seconds",
    )
    seconds = {name: getattr(cache if getattr(own, name) is None else own, name) for name in bounds}
    return {
        "name": spec.name,
        "source": spec.source,
        "paths": [path.text for path in spec.paths],
        "scope": spec.scope,
        **seconds,
        "metered": spec.is_metered,
        "distinct": spec.distinct,
        "key": {"name": spec.key.name, "type": spec.key.type, "example": spec.key.example},
    }


def _freshness(view: Mapping[str, Any]) -> str:
    return (
        f"{view['ttl_seconds']:g} s, then {view['stale_while_revalidate_seconds']:g} s while it is "
        f"asked for, {view['stale_if_error_seconds']:g} s on errors"
    )
