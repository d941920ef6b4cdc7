"""Markdown pages, as far as tests look into them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(
    r"^(?:<!-- (?P<note>[^\n]*?) -->\n)?```(?P<kind>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]\n]*(?:\n[^\]\n]*)?\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: its kind, and the comment on the line before it."""

    kind: str
    note: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    path: Path
    text: str

    @classmethod
    def at(cls, path: Path) -> "Page":
        return cls(path, path.read_text(encoding="utf-8"))

    @property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return _FENCE.sub("", self.text)

    def fences(self, *kinds: str) -> list[Fence]:
        found = (
            Fence(match["kind"], match["note"] or "", match["text"])
            for match in _FENCE.finditer(self.text)
        )
        return [fence for fence in found if fence.kind in kinds]

    def section(self, heading: str) -> str:
        """Return what stands under a heading, up to the next one of its rank or higher."""
        marks = heading.split(" ", maxsplit=1)[0]
        start = re.search(rf"^{re.escape(heading)}$", self.prose, re.MULTILINE)
        assert start is not None, f"{self.path.name} has no heading {heading!r}"
        rest = self.prose[start.end() :]
        end = re.search(rf"^#{{1,{len(marks)}}} ", rest, re.MULTILINE)
        return rest[: end.start()] if end else rest

    def headings(self) -> list[str]:
        return [match[2] for match in _HEADING.finditer(self.prose)]

    def anchors(self) -> set[str]:
        """Return the anchors that the headings get where the repository is shown."""
        return {_slug(heading) for heading in self.headings()}

    def links(self) -> list[str]:
        return [match[1] for match in _LINK.finditer(self.prose)]


def all_pages() -> list[Page]:
    paths = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
    return [Page.at(path) for path in paths]


def page(name: str) -> Page:
    return Page.at(DOCS / name)


def rows(text: str) -> Iterator[list[str]]:
    """Return the cells of the rows of every table in the text, headings left out."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        is_heading = number + 1 < len(lines) and lines[number + 1].startswith("| ---")
        if line.startswith("| ") and not line.startswith("| ---") and not is_heading:
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def code(cell: str) -> str:
    """Return what stands between the first backticks of a cell, "" where there are none."""
    match = re.search(r"`([^`]*)`", cell)
    return match[1] if match else ""


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
