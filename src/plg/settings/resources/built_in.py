"""Players and vehicles, in the form of a declaration."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from plg.domain.records.declared.resources import ResourceSpec
from plg.settings.resources.file import document_of, read_text
from plg.settings.resources.tables_reader import TablesReader

FILE: Final = Path(__file__).with_name("built_in.toml")
_ADDRESSES: Final = ("EXTERNAL_API_BASE_URL", "VEHICLE_API_BASE_URL")


def built_in_document() -> dict[str, Any]:
    """Return the tables of the kinds that need no declaration, as they are written."""
    return document_of(FILE, read_text(FILE))


@cache
def built_in_specs() -> Mapping[str, ResourceSpec]:
    """Return what they declare, by name; where their sources are is said by other settings."""
    document = built_in_document()
    reader = TablesReader(
        dict.fromkeys(_ADDRESSES, "http://unset.invalid"), FILE.parent, is_own=True
    )
    sources = {name: reader.source(table) for name, table in document["source"].items()}
    return {
        name: reader.resource(name, table, sources) for name, table in document["resource"].items()
    }
