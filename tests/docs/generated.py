"""
Parts of the pages that are made from the code. `make docs` renews them.

A part stands between `<!-- make docs: NAME -->` and `<!-- end -->`. Its maker is found by the
first word of its name, and is given the rest.
"""

import re
from collections.abc import Callable, Mapping
from textwrap import fill
from typing import Final

from plg.entrypoints.http.protocol.problem_kinds.access import ACCESS
from plg.entrypoints.http.protocol.problem_kinds.kind import Kind
from plg.entrypoints.http.protocol.problem_kinds.requests import REQUESTS
from plg.entrypoints.http.protocol.problem_kinds.service import SERVICE
from tests.docs.pages import all_pages

LINE_LENGTH: Final = 120

_PART: Final = re.compile(
    r"(?P<begin><!-- make docs: (?P<name>[^\n]+) -->\n)(?P<text>.*?)(?P<end><!-- end -->)",
    re.DOTALL,
)
_KINDS: Final[Mapping[str, Mapping[str, Kind]]] = {
    "requests": REQUESTS,
    "access": ACCESS,
    "service": SERVICE,
}


def problems(group: str) -> str:
    """Return a heading for each problem code, its status, when it comes, and what to do."""
    return "\n".join(
        f"### `{code}`\n\n{_wrapped(f'**{kind.status}** {kind.when}')}\n\n{_wrapped(kind.advice)}\n"
        for code, kind in _KINDS[group].items()
    )


def _wrapped(text: str) -> str:
    return fill(text, LINE_LENGTH, break_long_words=False, break_on_hyphens=False)


MAKERS: Final[Mapping[str, Callable[[str], str]]] = {"problems": problems}


def renewed(text: str) -> str:
    """Return a page's text with its parts as the code has them now."""

    def part(match: re.Match[str]) -> str:
        maker, _, rest = match["name"].partition(" ")
        return f"{match['begin']}\n{MAKERS[maker](rest)}\n{match['end']}"

    return _PART.sub(part, text)


def names_in(text: str) -> list[str]:
    """Return the names of the parts of a page."""
    return [match["name"] for match in _PART.finditer(text)]


if __name__ == "__main__":
    for each in all_pages():
        each.path.write_text(renewed(each.text), encoding="utf-8")
