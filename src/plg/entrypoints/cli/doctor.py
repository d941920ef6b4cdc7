"""`plg doctor`."""

import asyncio

import click

from plg.container import Container, close
from plg.entrypoints.cli.examine_identity import examine_accounts, examine_identity_settings
from plg.entrypoints.cli.examine_settings import examine_clock, examine_folder, examine_settings
from plg.entrypoints.cli.examine_systems import examine_database, examine_source
from plg.entrypoints.cli.failures import Failed
from plg.entrypoints.cli.findings import Finding, Verdict, wrong
from plg.entrypoints.cli.output import print_json
from plg.entrypoints.cli.session import new_container, read_settings
from plg.settings import Settings

DURABLE = "durable"
COLOURS = {Verdict.OK: "green", Verdict.REMARK: "yellow", Verdict.WRONG: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(*, as_json: bool) -> None:
    """
    Check what PLG stands on, and say what to do.

    Settings, secrets, data folder, databases and their migrations, admins, source, clock.
    Nothing is changed; the source gets one call. Exit status 1 if something is wrong.
    """
    settings = read_settings()
    findings = asyncio.run(_examine(settings, new_container(settings)))
    if as_json:
        print_json({"findings": findings})
    else:
        _show(findings)
    count = sum(finding.verdict is Verdict.WRONG for finding in findings)
    if count:
        raise Failed(f"{count} of {len(findings)} checks found something wrong.")


async def _examine(settings: Settings, container: Container) -> list[Finding]:
    folder = settings.storage.data_dir
    findings = [
        *examine_settings(settings),
        *examine_identity_settings(settings),
        examine_folder(folder),
    ]
    offset = None
    try:
        for line, schema in container.schemas().items():
            findings.append(await examine_database(line, schema))
            if line == DURABLE and findings[-1].verdict is Verdict.OK:
                findings += [finding async for finding in examine_accounts(container)]
        if settings.source.base_url is None:
            advice = "set EXTERNAL_API_BASE_URL to the address of your source, or run plg demo"
            findings.append(wrong("source", "nothing says where it is", advice))
        else:
            finding, probe = await examine_source(
                container.player_probe(), settings.source.timeout_seconds
            )
            findings.append(finding)
            offset = None if probe is None else probe.clock_offset
    finally:
        await close(container)
    return [*findings, examine_clock(container.clock().now(), folder, offset)]


def _show(findings: list[Finding]) -> None:
    for finding in findings:
        verdict = click.style(f"{finding.verdict:<6}", fg=COLOURS[finding.verdict])
        click.echo(f"{verdict}  {finding.subject}: {finding.detail}")
        if finding.advice is not None:
            click.echo(f"        -> {finding.advice}")
