"""`plg doctor`."""

import asyncio
from collections.abc import AsyncIterator

import click

from plg.application.ports.health import SourceProbe
from plg.container import Container, close
from plg.entrypoints.cli.command import runs
from plg.entrypoints.cli.doctor.examine_identity import examine_accounts, examine_identity_settings
from plg.entrypoints.cli.doctor.examine_plans import examine_default_plan
from plg.entrypoints.cli.doctor.examine_resources import examine_resource
from plg.entrypoints.cli.doctor.examine_rotation import examine_rotation
from plg.entrypoints.cli.doctor.examine_settings import (
    examine_clock,
    examine_folder,
    examine_gateways,
    examine_settings,
)
from plg.entrypoints.cli.doctor.examine_systems import (
    OF_PLAYERS,
    OF_VEHICLES,
    examine_database,
    examine_source,
)
from plg.entrypoints.cli.doctor.findings import Finding, Verdict, fine, wrong
from plg.entrypoints.cli.failures import Failed
from plg.entrypoints.cli.output import print_json
from plg.entrypoints.cli.session import new_container, read_settings
from plg.settings import Settings

DURABLE = "durable"
COLOURS = {Verdict.OK: "green", Verdict.REMARK: "yellow", Verdict.WRONG: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@runs
async def doctor(*, as_json: bool) -> None:
    """
    Check what PLG needs, and say what to do.

    Settings, secrets, data folder, databases and their migrations, admins, plans, sources,
    clock. Nothing is changed; each source gets one call. Exit status 1 if something is wrong.
    """
    settings = read_settings()
    findings = await _examine(settings, new_container(settings))
    if as_json:
        print_json({"findings": findings})
    else:
        _show(findings)
    count = sum(finding.verdict is Verdict.WRONG for finding in findings)
    if count:
        raise Failed(f"{count} of {len(findings)} checks found something wrong.")


async def _examine(settings: Settings, container: Container) -> list[Finding]:
    storage, folder = settings.storage, settings.storage.data_dir
    findings = [
        *examine_settings(settings),
        *examine_identity_settings(settings),
        examine_folder(folder),
        examine_gateways(container.gateways().running()),
    ]
    offsets: list[float] = []
    try:
        for line, schema in container.schemas().items():
            file = storage.database_file if line == DURABLE else storage.cache_file
            findings.append(await examine_database(line, schema, is_embedded=file is not None))
            if line == DURABLE and findings[-1].verdict is Verdict.OK:
                findings += [each async for each in _examine_durable(settings, container)]
        checks = container.declared().checks()
        findings += map(examine_resource, await asyncio.gather(*(check() for check in checks)))
        async for finding, probe in _examine_sources(settings, container):
            findings.append(finding)
            if probe is not None and probe.clock_offset is not None:
                offsets.append(probe.clock_offset)
    finally:
        await close(container)
    offset = max(offsets, key=abs, default=None)
    return [*findings, examine_clock(container.clock().now(), folder, offset)]


async def _examine_durable(settings: Settings, container: Container) -> AsyncIterator[Finding]:
    async for finding in examine_accounts(container):
        yield finding
    async for finding in examine_rotation(container, settings):
        yield finding
    yield await examine_default_plan(container, settings)


async def _examine_sources(
    settings: Settings, container: Container
) -> AsyncIterator[tuple[Finding, SourceProbe | None]]:
    """Call each source that is set: both live at one address, or each at its own."""
    patience = settings.source.timeout_seconds
    if settings.serves_players:
        yield await examine_source(OF_PLAYERS, container.player_probe(), patience)
    elif settings.serves_vehicles or settings.catalogue.resources:
        yield fine("source", "none of players is set: they are not served"), None
    else:
        advice = (
            "set EXTERNAL_API_BASE_URL to the address of your source, or VEHICLE_API_BASE_URL for "
            "vehicles alone, or declare kinds of your own in RESOURCES_FILE, or run plg demo"
        )
        yield wrong("source", "nothing says where it is", advice), None
    if settings.serves_vehicles:
        yield await examine_source(OF_VEHICLES, container.vehicles.probe(), patience)


def _show(findings: list[Finding]) -> None:
    for finding in findings:
        verdict = click.style(f"{finding.verdict:<6}", fg=COLOURS[finding.verdict])
        click.echo(f"{verdict}  {finding.subject}: {finding.detail}")
        if finding.advice is not None:
            click.echo(f"        -> {finding.advice}")
