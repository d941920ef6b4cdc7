"""The parameters that every list takes, as the OpenAPI document tells them."""

from typing import Final

from plg.entrypoints.http.endpoints import Parameter
from plg.entrypoints.http.protocol.listing import CURSOR_LENGTH_MAX, LIMIT_DEFAULT, LIMIT_MAX

LIST_PARAMETERS: Final = (
    Parameter(
        "limit",
        "query",
        "How many items a page has at most.",
        LIMIT_DEFAULT,
        {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT},
        is_required=False,
    ),
    Parameter(
        "cursor",
        "query",
        "The `next_cursor` of the page before.",
        "dGlsbC0wMDAx",
        {"type": "string", "minLength": 1, "maxLength": CURSOR_LENGTH_MAX},
        is_required=False,
    ),
)
