"""What an operator declared: sources, and the kinds of records that come from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from plg.domain.records.declared.resources import ResourceSpec

TIMEOUT_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class HttpSource:
    """An API over HTTP; `headers` may hold secrets."""

    base_url: str
    headers: Mapping[str, str] = field(repr=False)
    timeout_seconds: float = TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class SqlSource:
    """A database that is read; the URL may hold a password."""

    url: str = field(repr=False)
    timeout_seconds: float = TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file of records."""

    path: Path


Source = HttpSource | SqlSource | FileSource


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a file declares: every source by its name, and the resources in their order."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    resources: tuple[ResourceSpec, ...] = ()


NOTHING: Final = Catalogue()
"""Where nothing is declared."""
