"""What is asked about billing in paths, queries and headers."""

from typing import Annotated, Final

from msgspec import Struct

from plg.application.ledger.list_statements import ALL
from plg.domain.errors import NotFound
from plg.domain.ledger.statements import NUMBER
from plg.domain.ledger.usage import MICROSECONDS
from plg.entrypoints.http.arguments import in_header, in_path
from plg.entrypoints.http.gate.idempotency_keys import idempotency_key
from plg.entrypoints.http.protocol.moments import instant
from plg.entrypoints.http.queries import NumberedQuery, text_parameter

NUMBER_EXAMPLE: Final = "PLG-2026-000001"
UNUSED_NUMBER: Final = "PLG-2000-000001"
"""For what changes a statement: trying the documents' example must reach no real one."""
_NUMBER_SCHEMA: Final = {"type": "string", "pattern": f"^{NUMBER.pattern}$"}


def number_of(text: str) -> str:
    """Return the number of a statement; raise NotFound where there can be none like it."""
    if NUMBER.fullmatch(text) is None:
        raise NotFound("There is no statement with this number.")
    return text


def _micros(text: str, name: str) -> int:
    return round(instant(text, name) * MICROSECONDS)


_ABOUT_NUMBER: Final = "The number of a statement or a credit note."
Number = Annotated[str, in_path("number", _ABOUT_NUMBER, NUMBER_EXAMPLE, _NUMBER_SCHEMA, number_of)]
UnusedNumber = Annotated[
    str, in_path("number", _ABOUT_NUMBER, UNUSED_NUMBER, _NUMBER_SCHEMA, number_of)
]
IdempotencyKey = Annotated[
    str | None,
    in_header(
        "Idempotency-Key",
        "The same key gives the same statements again, for ever.",
        "november",
        {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
        idempotency_key,
    ),
]
Account = Annotated[
    str | None,
    text_parameter("For admins: an account's id or e-mail address.", "01JDG7N0B6Z4T3H9R2M5Q8W1XC"),
]
AccountOrAll = Annotated[
    str | None,
    text_parameter(f"For admins: an account's id or e-mail address, or `{ALL}`.", ALL),
]


class AccountQuery(Struct, frozen=True):
    """Whose usage is asked for; without an account the caller's own."""

    account: Account = None


class StatementsQuery(NumberedQuery, frozen=True, kw_only=True):
    """Whose statements are asked for."""

    account: AccountOrAll = None


class UsageRecordsQuery(NumberedQuery, frozen=True, kw_only=True):
    """Which usage records are asked for; times in microseconds since the epoch."""

    since: Annotated[
        int | None,
        text_parameter("From this time on.", "2026-11-21T00:00:00Z", _micros, format="date-time"),
    ] = None
    until: Annotated[
        int | None,
        text_parameter("Before this time.", "2026-11-22T00:00:00Z", _micros, format="date-time"),
    ] = None
    key: Annotated[
        str | None, text_parameter("Of this API key, by its id.", "01JDG7P5F3K8V6S0D4J7Y9A2GE")
    ] = None
    record_key: Annotated[str | None, text_parameter("About this record.", "KB-000001")] = None
    statement: Annotated[
        str | None,
        text_parameter(
            "Billed by this statement.", NUMBER_EXAMPLE, lambda text, _name: number_of(text)
        ),
    ] = None
    account: Account = None
