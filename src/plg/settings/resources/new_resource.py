"""A resource that is to be declared: from the URL of one record to tables for the file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from plg.domain.records.declared.keys import Fold, KeyType
from plg.domain.records.declared.resources import NAME, TAKEN, HttpLookup, ResourceSpec
from plg.domain.records.declared.sightings import Sighting
from plg.settings.resources.catalogue import HttpSource
from plg.settings.resources.file import FILE_BYTES_MAX, catalogue_of, document_of, read_text
from plg.settings.resources.toml_texts import toml_of
from plg.settings.variables import SettingError

_HOLE: Final = re.compile(r"(?<!\$)\{([^{}]*)\}")
_URL: Final = re.compile(r"(?P<origin>https?://[^/?#]+)(?P<path>/[^?#]*)(?:\?[^#]*)?")
_STEP: Final = re.compile(r"/([^/]+)")
_FORM: Final = "The URL must hold the key once, as in http://127.0.0.1:8000/items/{sku}."


@dataclass(frozen=True, slots=True)
class RecordUrl:
    """
    The URL of a record, with `{name}` where its key goes and `${NAME}` where a variable goes.

    Attributes:
        base_url: Up to the last plain step before the key.
        target: What follows: path and query.
        key: The name of the key.
        step: The last plain step of the path; "" where there is none.
    """

    base_url: str
    target: str
    key: str
    step: str

    @classmethod
    def parse(cls, text: str) -> "RecordUrl":
        """
        Read such a URL.

        Raises:
            SettingError: If it is none; the message does not repeat it.
        """
        found = _URL.fullmatch(text)
        holes = list(_HOLE.finditer(text))
        if found is None or len(holes) != 1 or holes[0].start() < found.end("origin"):
            raise SettingError(_FORM)
        hole = holes[0]
        steps = [each for each in _STEP.finditer(found["path"]) if "{" not in each[1]]
        start = found.start("path")
        cuts = [start, *(start + each.start() for each in steps)]
        cut = max(each for each in cuts if each < hole.start())
        variables = text.rfind("${")
        if variables >= cut:
            cut = text.find("/", variables)
        if not 0 < cut <= hole.start():
            raise SettingError(
                "A variable may stand in the URL before the step of the key only: send a secret in "
                "a --header."
            )
        return cls(text[:cut], text[cut:], hole[1], steps[-1][1] if steps else "")

    def below(self, base_url: str) -> str | None:
        """Return path and query below another base address, None where it is not below it."""
        whole = self.base_url + self.target
        base = base_url.rstrip("/")
        return whole.removeprefix(base) if whole.startswith(f"{base}/") else None


@dataclass(frozen=True, slots=True)
class NewResource:
    """
    A resource that a file does not have yet, and its source, which the file may have.

    Attributes:
        text: Of the file as it is.
        source: The table of a source that is new; None where the file has it.
    """

    path: Path
    text: str
    name: str
    example: str
    url: RecordUrl
    source_name: str
    source: Mapping[str, Any] | None = field(repr=False)
    target: str

    @classmethod
    def of(
        cls,
        path: Path,
        url: RecordUrl,
        name: str | None,
        example: str,
        headers: Mapping[str, str],
        variables: Mapping[str, str],
    ) -> "NewResource":
        """
        Return what would be added to the file.

        Raises:
            SettingError: If the file cannot be used, or has a resource of that name.
        """
        text = read_text(path) if path.exists() else ""
        document = document_of(path, text)
        catalogue_of(document, variables, str(path), path.parent)
        named = name or re.sub(r"[^a-z0-9]+", "_", url.step.lower()).strip("_")
        if NAME.fullmatch(named) is None:
            raise SettingError(
                "The URL has no step that can name the resource: give --name, in small letters, "
                "digits and _, beginning with a letter."
            )
        if named in TAKEN or named in document.get("resource", {}):
            raise SettingError(f"A resource {named} is declared already: give another --name.")
        sources = document.get("source", {})
        if not headers:
            for known, table in sources.items():
                target = url.below(str(table.get("base_url", "")))
                if table.get("base_url") and target is not None:
                    return cls(path, text, named, example, url, known, None, target)
        if named in sources:
            raise SettingError(f"A source {named} is declared already: give another --name.")
        source = {"base_url": url.base_url, **({"headers": dict(headers)} if headers else {})}
        return cls(path, text, named, example, url, named, source, url.target)

    @property
    def schema_path(self) -> Path:
        """Where the schema of its records goes."""
        return self.path.with_name(f"{self.name}.schema.json")

    def declared(self, variables: Mapping[str, str]) -> tuple[HttpSource, ResourceSpec, HttpLookup]:
        """
        Return source and resource as they would be read, before anything is known of records.

        Raises:
            SettingError: If the file with them could not be read.
        """
        table = {"source": self.source_name, "get": self.target, "key": {"example": self.example}}
        return self._read(self._tables(table), variables)

    def added(self, seen: Sighting, variables: Mapping[str, str], *, has_schema: bool) -> str:
        """
        Return the text of the file with what is added, which can be read.

        Raises:
            SettingError: If it could not.
        """
        key: dict[str, Any] = {"example": seen.fold(self.example)}
        if seen.type is not KeyType.TEXT:
            key = {"type": seen.type.value, **key}
        if seen.fold is not Fold.NONE:
            key = {"fold": seen.fold.value, **key}
        table: dict[str, Any] = {"source": self.source_name, "get": self.target}
        if seen.record.tokens:
            table["record"] = seen.record.text
        if seen.match is not None:
            table["match"] = seen.match.text
        table["key"] = key
        text = self._tables(table)
        self._read(text, variables)
        if has_schema:
            text += f'schema = "{self.schema_path.name}"\n'
        return text

    def _tables(self, resource: Mapping[str, Any]) -> str:
        parts = [self.text.rstrip("\n")] if self.text.strip() else []
        if self.source is not None:
            parts.append(toml_of("source", self.source_name, self.source).rstrip("\n"))
        parts.append(toml_of("resource", self.name, resource).rstrip("\n"))
        return "\n\n".join(parts) + "\n"

    def _read(
        self, text: str, variables: Mapping[str, str]
    ) -> tuple[HttpSource, ResourceSpec, HttpLookup]:
        if len(text.encode()) > FILE_BYTES_MAX:
            raise SettingError(f"{self.path} would be larger than {FILE_BYTES_MAX // 1024} KiB.")
        document = document_of(self.path, text)
        catalogue = catalogue_of(document, variables, str(self.path), self.path.parent)
        spec = catalogue.resources[-1]
        source = catalogue.sources[spec.source]
        if not isinstance(source, HttpSource) or not isinstance(spec.lookup, HttpLookup):
            raise SettingError(f"The source {spec.source} is not asked over HTTP.")
        return source, spec, spec.lookup
