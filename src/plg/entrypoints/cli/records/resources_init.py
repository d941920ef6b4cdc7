"""`plg resources init`."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import click
import msgspec

from plg.application.ports.records.source_trial import SourceAddress
from plg.application.records.examine_source import Examined
from plg.domain.records.declared.sightings import Sighting
from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.output import print_json, print_table, visible
from plg.entrypoints.cli.output_files import written_whole
from plg.entrypoints.cli.session import new_container, read_variables
from plg.settings import Settings
from plg.settings.resources.file import DEFAULT_FILE
from plg.settings.resources.new_resource import NewResource, RecordUrl

RESOURCES_FILE: Final = "RESOURCES_FILE"
SCHEMA_BYTES_MAX: Final = 64 * 1024
MEMBERS_SHOWN: Final = 20
_HEADER: Final = re.compile(r"([^\s:]+):\s*(.+)")


@click.command()
@click.argument("url", metavar="URL")
@click.option("--key", required=True, help="An existing key, which documents show as the example.")
@click.option("--name", help="Name of the resource.  [default: the last plain step of the URL]")
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="TEXT",
    help="A header for the source, such as 'Authorization: Bearer ${TOKEN}'; may be given again.",
)
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    help="The file to add to.  [default: RESOURCES_FILE]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def init(
    *,
    url: str,
    key: str,
    name: str | None,
    headers: tuple[str, ...],
    path: Path | None,
    as_json: bool,
) -> None:
    """
    Ask a source once, and declare its records.

    URL is that of a record, with {name} in the place of its key. From the answer for one key it
    adds the source and the resource to the file, and writes a JSON Schema of the record to a file
    beside it. It changes nothing else in the file.
    """
    variables = read_variables().given()
    settings = _settings_without_file(variables)
    file = path or Path(variables.get(RESOURCES_FILE, DEFAULT_FILE))
    new = NewResource.of(
        file, RecordUrl.parse(url), name, key, dict(map(_header, headers)), variables
    )
    if new.schema_path.exists():
        raise WrongUse(f"{new.schema_path} is there already: give another --name.")
    source, spec, lookup = new.declared(variables)
    address = SourceAddress(source.base_url, source.headers, source.timeout_seconds)
    examine = new_container(settings).examine_source()
    examined: Examined = asyncio.run(
        examine(address, lookup.target, key, key_name=spec.key.name, title=new.name)
    )
    schema = msgspec.json.format(msgspec.json.encode(examined.schema), indent=2) + b"\n"
    has_schema = len(schema) <= SCHEMA_BYTES_MAX
    text = new.added(examined.sighting, variables, has_schema=has_schema)
    with written_whole(str(file), []) as output:
        output.write(text.encode())
        if has_schema:  # before the file takes its name, so that it never names what is not there
            with written_whole(str(new.schema_path), [file]) as beside:
                beside.write(schema)
    _tell(new, examined, spec.paths[0].text, has_schema=has_schema, as_json=as_json)


def _settings_without_file(variables: Mapping[str, str]) -> Settings:
    """Return the settings, also where the file that they name is to be made."""
    named = variables.get(RESOURCES_FILE)
    is_missing = named is not None and not Path(named).exists()
    return Settings.from_env(
        {name: each for name, each in variables.items() if name != RESOURCES_FILE or not is_missing}
    )


def _header(text: str) -> tuple[str, str]:
    found = _HEADER.fullmatch(text)
    if found is None:
        raise WrongUse("--header must be of the form 'Name: value'.")
    return found[1], found[2].strip()


def _tell(
    new: NewResource, examined: Examined, path: str, *, has_schema: bool, as_json: bool
) -> None:
    seen = examined.sighting
    schema = str(new.schema_path) if has_schema else None
    if as_json:
        print_json(
            {
                "name": new.name,
                "source": new.source_name,
                "record": seen.record.text,
                "match": None if seen.match is None else seen.match.text,
                "key": {"type": seen.type, "fold": seen.fold, "example": seen.fold(new.example)},
                "path": path,
                "file": str(new.path),
                "schema": schema,
            }
        )
        return
    print_table(_seen(seen, new.example))
    click.echo()
    print_table(_members(examined))
    click.echo()
    parts = [f"[resource.{new.name}]"]
    if new.source is not None:
        parts.insert(0, f"[source.{new.source_name}]")
    click.echo(f"Added {' and '.join(parts)} to {new.path}.")
    if schema is None:
        click.echo("The record's JSON Schema is larger than 64 KiB, and was left out.")
    else:
        click.echo(f"The record's JSON Schema is in {schema}.")
    click.echo(f"`plg serve` answers under {path}; `plg resources check` asks the source again.")


def _seen(seen: Sighting, example: str) -> Iterator[tuple[str, str]]:
    yield "record", visible(seen.record.text) or "the whole answer"
    if seen.match is None:
        yield "match", f"none: no member equals {example}, so answers are taken as they come"
    else:
        yield "match", f"{visible(seen.match.text)} equals {example}"
    folded = "" if seen.fold == "none" else f", made {seen.fold} case"
    yield "keys", f"{seen.type}{folded}"


def _members(examined: Examined) -> Iterator[tuple[str, str]]:
    properties: dict[str, dict[str, object]] = examined.schema.get("properties", {})
    for name, shape in list(properties.items())[:MEMBERS_SHOWN]:
        types = shape.get("type", "null here")
        yield f"  {visible(name)}", " or ".join(types) if isinstance(types, list) else str(types)
    if len(properties) > MEMBERS_SHOWN:
        yield "  ...", f"{len(properties) - MEMBERS_SHOWN} more"
