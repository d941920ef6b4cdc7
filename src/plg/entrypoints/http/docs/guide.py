"""The guide for users of this installation's API, made from the page in `docs/`."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it.token import Token

FILE: Final = "consumers.md"
SHOWN_ADDRESS: Final = "http://localhost:9600"
SHOWN_DOCS: Final = "/api"
REFERENCE: Final = "http-api.md"
"""The page whose part the generated reference has here; other pages are not served."""

_PACKED: Final = Path(__file__).parent / FILE
_COMMENT: Final = re.compile(r"<!--.*?-->\n?", re.DOTALL)


@cache
def guide_html(base_url: str, docs_path: str) -> str:
    """
    Return the guide as HTML.

    Args:
        base_url: Where this installation is reached.
        docs_path: What the documents moved to; "" for the usual paths.
    """
    text = _COMMENT.sub("", _file().read_text(encoding="utf-8"))
    text = text.replace(SHOWN_ADDRESS, base_url)
    text = text.replace("`/openapi.json`", f"`{docs_path}/openapi.json`")
    text = text.replace("`/api/docs/guide`", f"`{guide_path(docs_path)}`")
    from markdown_it import MarkdownIt  # noqa: PLC0415 - few ask for the guide, and it takes 1 MiB

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    _name_headings(tokens)
    for token in tokens:
        if token.children:
            token.children = _with_links(token.children, f"{docs_path or SHOWN_DOCS}/redoc")
    html: str = markdown.renderer.render(tokens, markdown.options, {})
    return html


def guide_path(docs_path: str) -> str:
    """Return where the guide is served."""
    return f"{docs_path or SHOWN_DOCS}/docs/guide"


def _file() -> Path:
    """Return where the page is: in the package, or in the checkout beside it."""
    return _PACKED if _PACKED.is_file() else Path(__file__).parents[5] / "docs" / FILE


def _name_headings(tokens: list["Token"]) -> None:
    """Give each heading the name by which links within the page reach it."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            words = re.sub(r"[^\w\s-]", "", inline.content.lower())
            opening.attrSet("id", words.replace(" ", "-"))


def _with_links(tokens: list["Token"], reference: str) -> list["Token"]:
    """Return the text with links to what this installation serves, and of others their text."""
    kept: list[Token] = []
    is_dropped = False
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrGet("href"))
            is_dropped = not target.startswith(("#", "http", REFERENCE))
            if target.startswith(REFERENCE):
                token.attrSet("href", reference)
        if not (is_dropped and token.type in ("link_open", "link_close")):
            kept.append(token)
    return kept
