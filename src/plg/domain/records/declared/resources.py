"""A kind of record, as its declaration says: it cannot hold what would not work."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote

from plg.domain.records.declared.keys import KeyRule
from plg.domain.records.declared.paths import RecordPath
from plg.domain.records.declared.pointers import WHOLE, Pointer
from plg.domain.records.meter_rules import BUILT_IN, MeterRule

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
TAKEN: Final = frozenset(rule.resource for rule in BUILT_IN)
SCOPE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}:read")
ENVELOPE_MEMBERS: Final = frozenset({"data", "synced_at"})
_HOLE: Final = re.compile(r"\{[a-z][a-z0-9_]*\}")
SECONDS_MAX: Final = 31_536_000


class AnswerForm(StrEnum):
    """What an answer has: the source's record unchanged, or the record in an envelope."""

    RECORD = "record"
    ENVELOPE = "envelope"


@dataclass(frozen=True, slots=True)
class HttpLookup:
    """
    How an HTTP source is asked.

    Attributes:
        target: Path and query below the source's address, with `{name}` where the key goes.
        record: Where in the answer the record is.
        match: Which member of a record must equal the key; None where none need to.
    """

    target: str
    record: Pointer = WHOLE
    match: Pointer | None = None

    def target_of(self, key: str) -> str:
        """Return path and query; the key cannot leave its place, since all of it is encoded."""
        return _HOLE.sub(quote(key, safe=""), self.target)


@dataclass(frozen=True, slots=True)
class SqlLookup:
    """
    How a database is asked.

    Attributes:
        query: A SELECT with the key as its only parameter, `:name`; at most one row is an answer.
        match: The column that must equal the key.
    """

    query: str
    match: str


@dataclass(frozen=True, slots=True)
class FileLookup:
    """
    Where in a file's records the key stands.

    Attributes:
        match: The member that equals the key.
    """

    match: Pointer


Lookup = HttpLookup | SqlLookup | FileLookup


@dataclass(frozen=True, slots=True)
class Freshness:
    """Bounds in seconds; None where the settings of the cache hold."""

    ttl_seconds: float | None = None
    stale_while_revalidate_seconds: float | None = None
    stale_if_error_seconds: float | None = None
    negative_ttl_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ResourceSpec:
    """
    One kind of record.

    Attributes:
        source: The name of the source that has them.
        paths: Under which it is served; the first is the one that documents show.
        scope: What a credential needs to read it.
        is_metered: Whether answers count in quotas and are billed.
        distinct: The space of keys of which distinct ones are counted; None where none are.
        schema: JSON Schema of a record, for the documents.

    Raises:
        ValueError: If it would not work; the message names the member.
    """

    name: str
    source: str
    paths: tuple[RecordPath, ...]
    key: KeyRule
    lookup: Lookup
    scope: str
    answer: AnswerForm = AnswerForm.RECORD
    freshness: Freshness = Freshness()
    is_metered: bool = True
    distinct: str | None = None
    schema: dict[str, Any] | None = None

    @property
    def meter_rule(self) -> MeterRule:
        """How answers are counted."""
        return MeterRule(self.name, self.distinct, is_free=not self.is_metered)

    def __post_init__(self) -> None:
        if not self.paths:
            raise ValueError("path is needed")
        if any(path.name != self.key.name for path in self.paths):
            raise ValueError(f"path must name the key {{{self.key.name}}}, as its other texts do")
        if self.answer is AnswerForm.ENVELOPE and self.key.name in ENVELOPE_MEMBERS:
            raise ValueError("path names the key as the envelope names something else")
