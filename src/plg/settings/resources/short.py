"""Resources without a file: `products=http://127.0.0.1:8000/items/{sku}`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from plg.settings.resources.catalogue import Catalogue
from plg.settings.resources.file import catalogue_of

ORIGIN: Final = "RESOURCES"


def short_forms(text: str) -> tuple[tuple[str, str], ...]:
    """
    Read resources in their short form, which blanks separate: names, and URLs with the key.

    Raises:
        ValueError: If one is none.
    """
    found = []
    for each in text.split():
        name, equals, url = each.partition("=")
        if not (name and equals and url.startswith(("http://", "https://"))):
            raise ValueError("must be of the form products=http://127.0.0.1:8000/items/{sku}")
        found.append((name, url))
    if len(dict(found)) != len(found):
        raise ValueError("names a resource twice")
    return tuple(found)


def catalogue_of_short(forms: Sequence[tuple[str, str]]) -> Catalogue:
    """
    Return what is declared in short: each resource has a source of its own, named as it.

    Raises:
        SettingError: If it cannot be used.
    """
    return catalogue_of(document_of_short(forms), {}, ORIGIN, Path())


def document_of_short(forms: Sequence[tuple[str, str]]) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Return what is declared in short as a file would have it."""
    document: dict[str, dict[str, Mapping[str, Any]]] = {"source": {}, "resource": {}}
    for name, url in forms:
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        document["source"][name] = {"base_url": base}
        document["resource"][name] = {"source": name, "get": url.removeprefix(base)}
    return document
