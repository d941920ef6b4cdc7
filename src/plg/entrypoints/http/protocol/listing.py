"""Lists in pages."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from starlette.types import Scope

from plg.domain.errors import InvalidParameter, InvalidRequest
from plg.entrypoints.http.protocol.answers import Answer, json_answer

LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 100
PARAMETERS_MAX: Final = 100
CURSOR_LENGTH_MAX: Final = 512
SEARCH_LENGTH_MAX: Final = 200
PLACE_DIGITS_MAX: Final = 18
NO_CURSOR: Final = "cursor must be the next_cursor of a page."


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: so many items after (or, backwards, before) one."""

    after: str | None
    limit: int


def query_of(scope: Scope) -> dict[str, str]:
    """
    Return the parameters of the query.

    Raises:
        InvalidRequest: If it is not UTF-8, or has too many.
        InvalidParameter: If one is repeated.
    """
    try:
        pairs = parse_qsl(
            scope["query_string"].decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=PARAMETERS_MAX,
        )
    except ValueError:
        raise InvalidRequest(
            f"The query must be UTF-8 with at most {PARAMETERS_MAX} parameters."
        ) from None
    query = dict(pairs)
    if len(query) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidParameter(twice[:64], f"The parameter {twice[:64]!r} may be given only once.")
    return query


def page_of(scope: Scope) -> Page:
    """
    Read `limit` and `cursor`.

    Raises:
        InvalidParameter: If one of them cannot be used.
    """
    query = query_of(scope)
    limit = query.get("limit", str(LIMIT_DEFAULT))
    is_number = limit.isascii() and limit.isdigit() and len(limit) <= len(str(LIMIT_MAX))
    if not is_number or not 1 <= int(limit) <= LIMIT_MAX:
        raise InvalidParameter("limit", f"limit must be a whole number from 1 to {LIMIT_MAX}.")
    cursor = query.get("cursor")
    return Page(None if cursor is None else after_of(cursor), int(limit))


def search_of(scope: Scope) -> str | None:
    """
    Read `q`; None where nothing is searched for.

    Raises:
        InvalidParameter: If it is too long.
    """
    search = query_of(scope).get("q", "")
    if len(search) > SEARCH_LENGTH_MAX:
        raise InvalidParameter("q", f"q may have at most {SEARCH_LENGTH_MAX} characters.")
    return search.strip() or None


def page_answer(scope: Scope, page: Page, items: Sequence[Any], ids: Sequence[str]) -> Answer:
    """
    Return a page of items, of which there is one more than asked for where the list goes on.

    `ids` are those of the items, in the same order.
    """
    after = None if len(items) <= page.limit else ids[page.limit - 1]
    return part_answer(scope, page, items[: page.limit], after)


def part_answer(scope: Scope, page: Page, items: Sequence[Any], after: str | None) -> Answer:
    """Return items, and where the list goes on: after what, or None at its end."""
    if after is None:
        return json_answer({"items": items, "next_cursor": None})
    cursor, link = next_page(scope, after, page.limit)
    return json_answer({"items": items, "next_cursor": cursor}, (b"link", link))


def next_page(scope: Scope, after: str, limit: int) -> tuple[str, bytes]:
    """Return cursor and `Link` of the page that begins after this (RFC 8288)."""
    cursor = base64.urlsafe_b64encode(after.encode()).decode().rstrip("=")
    query = {**query_of(scope), "limit": str(limit), "cursor": cursor}
    link = f'<{scope["path"]}?{urlencode(query)}>; rel="next"'
    return cursor, link.encode("latin-1")


def place_of(page: Page) -> int | None:
    """
    Return the number that a cursor stands for, of a list whose items are numbered.

    Raises:
        InvalidParameter: If it stands for none.
    """
    after = page.after
    if after is None:
        return None
    if not (after.isascii() and after.isdigit() and len(after) <= PLACE_DIGITS_MAX):
        raise InvalidParameter("cursor", NO_CURSOR)
    return int(after)


def after_of(cursor: str, name: str = "cursor") -> str:
    """
    Return what a cursor stands for: the item that a page begins after.

    Raises:
        InvalidParameter: If it stands for none.
    """
    padded = cursor[:CURSOR_LENGTH_MAX] + "=" * (-len(cursor) % 4)
    try:
        after = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except ValueError:
        after = ""
    if not after or not after.isprintable():
        raise InvalidParameter(name, NO_CURSOR)
    return after
