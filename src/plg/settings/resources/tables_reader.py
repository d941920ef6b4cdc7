"""Tables of a file as sources and resources; variables are filled in here, and never shown."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from msgspec import UNSET, UnsetType

from plg.domain.records.declared.resources import NAME, SCOPE, TAKEN, Freshness, ResourceSpec
from plg.settings import values
from plg.settings.resources.catalogue import FileSource, HttpSource, Source, SqlSource
from plg.settings.resources.members import key_of, lookup_of, paths_of
from plg.settings.resources.tables import (
    Mistake,
    ResourceTable,
    SourceTable,
    checked,
    converted,
)

SCHEMA_BYTES_MAX: Final = 64 * 1024
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class TablesReader:
    """
    Reads tables under the variables and the folder of one file.

    Args:
        variables: Those that texts may take.
        folder: That paths are relative to.
        is_own: Whether the tables are those of the kinds that need no declaration.
    """

    def __init__(self, variables: Mapping[str, str], folder: Path, *, is_own: bool = False) -> None:
        self._variables = variables
        self._folder = folder
        self._is_own = is_own

    def source(self, table: Mapping[str, Any]) -> Source:
        given = converted(table, SourceTable)
        kinds = [given.base_url, given.sql, given.file]
        if sum(each is not UNSET for each in kinds) != 1:
            raise Mistake("needs exactly one of base_url, sql and file")
        if isinstance(given.base_url, str):
            url = checked(
                "base_url", lambda: values.base_url(self._url(given.base_url, "base_url"))
            )
            headers = {
                each: self._filled(text, f"headers.{each}") for each, text in given.headers.items()
            }
            checked("headers", lambda: values.headers(json.dumps(headers)))
            return HttpSource(url, headers, given.timeout_seconds)
        if given.headers:
            raise Mistake("headers is for sources with a base_url")
        if isinstance(given.sql, str):
            return SqlSource(self._database(given.sql), given.timeout_seconds)
        return FileSource(self._folder / self._filled(str(given.file), "file"))

    def resource(
        self, name: str, table: Mapping[str, Any], sources: Mapping[str, Source]
    ) -> ResourceSpec:
        if name in TAKEN and not self._is_own:
            raise Mistake("is the name of a kind that PLG has already")
        given = converted(table, ResourceTable)
        source = sources.get(given.source)
        if source is None:
            known = ", ".join(sources) or "none"
            raise Mistake(f"source {given.source!r} is declared nowhere: there is {known}")
        paths = paths_of(name, given)
        if any(path.is_reserved for path in paths) and not self._is_own:
            raise Mistake("path lies where PLG has routes of its own")
        key = key_of(paths[0].name, given.key)
        lookup = lookup_of(source, given, key)
        scope = f"{name}:read" if given.scope is UNSET else str(given.scope)
        if SCOPE.fullmatch(scope) is None:
            raise Mistake("scope must be of the form products:read")
        if given.distinct is not None and NAME.fullmatch(given.distinct) is None:
            raise Mistake("distinct must be small letters, digits and _")
        return checked(
            "",
            lambda: ResourceSpec(
                name,
                given.source,
                paths,
                key,
                lookup,
                scope,
                given.answer,
                Freshness(
                    given.ttl_seconds,
                    given.stale_while_revalidate_seconds,
                    given.stale_if_error_seconds,
                    given.negative_ttl_seconds,
                ),
                given.metered,
                given.distinct,
                self._schema(given.schema),
            ),
        )

    def _schema(self, given: str | dict[str, Any] | None) -> dict[str, Any] | None:
        if not isinstance(given, str):
            return given
        path = self._folder / self._filled(given, "schema")
        try:
            with path.open("rb") as file:
                body = file.read(SCHEMA_BYTES_MAX + 1)
            schema = json.loads(body)
        except OSError as error:
            raise Mistake(f"schema: {path} cannot be read: {error.strerror or error}") from error
        except (ValueError, RecursionError) as error:
            raise Mistake(f"schema: {path} is no JSON of at most 64 KiB") from error
        if not isinstance(schema, dict):
            raise Mistake(f"schema: {path} is no JSON object")
        return schema

    def _filled(self, text: str, member: str) -> str:
        return _VARIABLE.sub(lambda found: self._value(found[1], member), text)

    def _url(self, text: str | UnsetType, member: str) -> str:
        """Fill in variables so that none changes what the URL leads to; a whole URL stays one."""
        if _VARIABLE.fullmatch(str(text)):
            return self._filled(str(text), member)
        return _VARIABLE.sub(lambda found: quote(self._value(found[1], member), safe=""), str(text))

    def _database(self, text: str) -> str:
        """Return the URL of a database; the path of SQLite's file is relative to the folder."""
        if not text.startswith("sqlite"):
            return self._url(text, "sql")
        kind, is_file, rest = self._filled(text, "sql").partition(":///")
        if not is_file or not rest:
            raise Mistake("sql must lead to a file, such as sqlite:///shop.db")
        path, *query = rest.partition("?")
        return f"{kind}:///{self._folder.absolute() / path}{''.join(query)}"

    def _value(self, name: str, member: str) -> str:
        value = self._variables.get(name)
        if value is None:
            raise Mistake(f"{member} takes ${{{name}}}, which is not set")
        return value
