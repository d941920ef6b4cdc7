"""Players and vehicles in the form of a declaration, as `plg resources show` prints it."""

from pathlib import Path
from typing import Any, Final

from plg.settings.resources.file import document_of, read_text

FILE: Final = Path(__file__).with_name("built_in.toml")


def built_in_document() -> dict[str, Any]:
    """Return the tables of the kinds that need no declaration."""
    return document_of(FILE, read_text(FILE))
