"""Paths of declared records: which requests they match, and whether two could match the same."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LENGTH_MAX: Final = 200
RESERVED: Final = frozenset(
    {
        "auth", "users", "me", "api-keys", "device", "devices", "fleets", "billing", "audit",
        "tasks", "task-types", "task-schedules", "oauth2", "operations", "health", "docs", "redoc",
        "players", "vehicle", "leaked-credentials",
    }
)  # fmt: skip
"""What may follow `/api/v1/` in no declaration: routes that there are, or will be."""
DOCUMENTS: Final = frozenset({"docs", "redoc", "guide", "openapi.json"})
"""What may follow `/api/` in none: where documents are, unless DOCS_PATH says otherwise."""
_SEGMENT: Final = re.compile(r"[A-Za-z0-9._~-]+")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_FORM: Final = (
    "must be a path such as /api/v1/products/{sku}: it begins with /api/, and holds the key once, "
    "as a whole segment or as its one query parameter"
)


@dataclass(frozen=True, slots=True)
class RecordPath:
    """
    A path under which records are found by their key.

    Attributes:
        segments: Of the path, decoded; None stands for the key.
        parameter: Under which the query holds the key; None where a segment does.
        name: Of the key.
    """

    segments: tuple[str | None, ...]
    parameter: str | None
    name: str

    @classmethod
    def parse(cls, text: str) -> "RecordPath":
        """
        Read a path template.

        Raises:
            ValueError: If it is none; the message says what would do.
        """
        path, has_query, query = text.partition("?")
        holes = _HOLE.findall(text)
        if len(text) > LENGTH_MAX or not path.startswith("/api/") or len(holes) != 1:
            raise ValueError(_FORM)
        (name,) = holes
        if _NAME.fullmatch(name) is None:
            raise ValueError(f"names the key {name!r}: use small letters, digits and _")
        parameter = None
        if has_query:
            parameter, _, value = query.partition("=")
            if value != f"{{{name}}}" or _SEGMENT.fullmatch(parameter) is None:
                raise ValueError(_FORM)
        segments = tuple(_segment(each, name) for each in path.removesuffix("/").split("/")[1:])
        if (None in segments) == bool(has_query):
            raise ValueError(_FORM)
        return cls(segments, parameter, name)

    @property
    def template(self) -> str:
        """The path as routes and documents have it, without the query."""
        parts = (f"{{{self.name}}}" if each is None else each for each in self.segments)
        return "/" + "/".join(parts)

    @property
    def text(self) -> str:
        """The path as it was declared, with its query."""
        query = "" if self.parameter is None else f"?{self.parameter}={{{self.name}}}"
        return self.template + query

    def may_match_as(self, other: "RecordPath") -> bool:
        """Tell whether one request could be for both."""
        return self.matches_like(other.segments)

    def matches_like(self, segments: tuple[str | None, ...]) -> bool:
        """Tell whether a path of these segments could be for this one; None is any text."""
        return len(self.segments) == len(segments) and all(
            mine is None or theirs is None or mine == theirs
            for mine, theirs in zip(self.segments, segments, strict=True)
        )

    @property
    def is_reserved(self) -> bool:
        """Tell whether it lies where routes of PLG's own are, or will be."""
        match self.segments:
            case ("api",) | ("api", "v1") | ("api", "v1", None, *_):
                return True
            case ("api", "v1", first, *_):
                return first in RESERVED
            case ("api", first, *_):
                return first is None or first in DOCUMENTS
        return False


def clash(paths: Iterable[tuple[str, RecordPath]]) -> tuple[str, str] | None:
    """Return the names of two whose paths could match the same request, if there are such."""
    seen: list[tuple[str, RecordPath]] = []
    for name, path in paths:
        for other, taken in seen:
            if path.may_match_as(taken):
                return other, name
        seen.append((name, path))
    return None


def _segment(text: str, name: str) -> str | None:
    if text == f"{{{name}}}":
        return None
    if _SEGMENT.fullmatch(text) is None or text in {".", ".."}:
        raise ValueError(_FORM)
    return text
