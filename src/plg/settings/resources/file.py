"""Read the file of declarations."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from plg.domain.records.declared.paths import RecordPath, clash
from plg.domain.records.declared.resources import NAME, ResourceSpec
from plg.settings.resources.catalogue import Catalogue
from plg.settings.resources.tables import Declarations, Mistake, converted
from plg.settings.resources.tables_reader import TablesReader
from plg.settings.variables import SettingError

DEFAULT_FILE: Final = "resources.toml"
FILE_BYTES_MAX: Final = 1024 * 1024
RESOURCES_MAX: Final = 200
SOURCES_MAX: Final = 50


def read_catalogue(path: Path, variables: Mapping[str, str], copy: Path | None = None) -> Catalogue:
    """
    Read a file of declarations; `${NAME}` in a text takes a variable, which is never shown.

    Args:
        path: The file, to whose folder paths in it are relative.
        variables: Those that it may take.
        copy: Read in its place.

    Raises:
        SettingError: If it cannot be read or used; one sentence names file, table and member.
    """
    return catalogue_of(
        document_of(path, read_text(copy or path)), variables, str(path), path.parent
    )


def read_text(path: Path) -> str:
    """
    Return a file of declarations as it is.

    Raises:
        SettingError: If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            body = file.read(FILE_BYTES_MAX + 1)
        text = body.decode()
    except OSError as error:
        raise SettingError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise SettingError(f"{path} is not UTF-8.") from error
    if len(body) > FILE_BYTES_MAX:
        raise SettingError(f"{path} is larger than {FILE_BYTES_MAX // 1024} KiB.")
    return text


def document_of(path: Path, text: str) -> dict[str, Any]:
    """
    Return the tables of such a text, without variables.

    Raises:
        SettingError: If it is no TOML.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingError(f"{path} is no TOML: {error}.") from error


def catalogue_of(
    document: Mapping[str, Any], variables: Mapping[str, str], name: str, folder: Path
) -> Catalogue:
    """
    Return what a document declares; paths in it are relative to `folder`.

    Raises:
        SettingError: If it cannot be used; one sentence names `name`, table and member.
    """
    reader = TablesReader(variables, folder)
    where = name
    try:
        file = converted(document, Declarations)
        _bounded(file)
        sources = {}
        for where, table in _tables(name, "source", file.source):
            sources[_named(where)] = reader.source(table)
        resources: list[ResourceSpec] = []
        taken: list[tuple[str, RecordPath]] = []
        for where, table in _tables(name, "resource", file.resource):
            spec = reader.resource(_named(where), table, sources)
            _check_clash(spec, taken)
            resources.append(spec)
    except Mistake as mistake:
        raise SettingError(f"{where}: {mistake}.") from None
    return Catalogue(sources, tuple(resources))


def together(first: Catalogue, second: Catalogue) -> Catalogue:
    """
    Return what both declare.

    Raises:
        SettingError: If they have one name or path in common.
    """
    if not second.resources:
        return first
    names = {each.name for each in first.resources} & {each.name for each in second.resources}
    if doubled := sorted(names | (first.sources.keys() & second.sources.keys())):
        raise SettingError(f"{doubled[0]} is declared in RESOURCES_FILE and in RESOURCES.")
    resources = (*first.resources, *second.resources)
    found = clash((each.name, path) for each in resources for path in each.paths)
    if found is not None:
        raise SettingError(f"A path of {found[1]} may match what a path of {found[0]} matches.")
    return Catalogue({**first.sources, **second.sources}, resources)


def _bounded(file: Declarations) -> None:
    if len(file.source) > SOURCES_MAX or len(file.resource) > RESOURCES_MAX:
        raise Mistake(f"may have at most {SOURCES_MAX} sources and {RESOURCES_MAX} resources")


def _tables(
    name: str, kind: str, tables: Mapping[str, Mapping[str, Any]]
) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for each, table in tables.items():
        yield f"{name}, [{kind}.{each}]", table


def _named(where: str) -> str:
    name = where.rpartition(".")[2].removesuffix("]")
    if NAME.fullmatch(name) is None:
        raise Mistake("must be named in small letters, digits and _, beginning with a letter")
    return name


def _check_clash(spec: ResourceSpec, taken: list[tuple[str, RecordPath]]) -> None:
    """Check the paths of one more resource against those before it, which they join."""
    for path in spec.paths:
        other = next((name for name, each in taken if path.may_match_as(each)), None)
        if other is not None:
            raise Mistake(f"path may match what a path of {other} matches")
        taken.append((spec.name, path))
