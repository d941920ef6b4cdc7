"""Lists in pages."""

import base64
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.types import Scope

from plg.domain.errors import InvalidParameter, InvalidRequest

LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 100
PARAMETERS_MAX: Final = 100
CURSOR_LENGTH_MAX: Final = 512
SEARCH_LENGTH_MAX: Final = 200
NO_CURSOR: Final = "cursor must be the next_cursor of a page."


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


def next_page(scope: Scope, after: str, limit: int) -> tuple[str, bytes]:
    """Return cursor and `Link` of the page that begins after this (RFC 8288)."""
    cursor = base64.urlsafe_b64encode(after.encode()).decode().rstrip("=")
    query = {**query_of(scope), "limit": str(limit), "cursor": cursor}
    link = f'<{scope["path"]}?{urlencode(query)}>; rel="next"'
    return cursor, link.encode("latin-1")


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
