"""What is asked about billing in paths, queries and headers."""

from dataclasses import replace
from typing import Final

from starlette.types import Scope

from plg.application.ledger.list_statements import ALL
from plg.application.ledger.list_usage_records import RecordQuery
from plg.domain.errors import NotFound
from plg.domain.ledger.statements import NUMBER
from plg.domain.ledger.usage import MICROSECONDS
from plg.entrypoints.http.endpoints import Parameter
from plg.entrypoints.http.gate.idempotency_keys import idempotency_key
from plg.entrypoints.http.protocol.listing import Page, page_of, place_of, query_of
from plg.entrypoints.http.protocol.moments import instant
from plg.entrypoints.http.protocol.paths import decode_segment

NUMBER_EXAMPLE: Final = "PLG-2026-000001"
ACCOUNT_EXAMPLE: Final = "01JDG7N0B6Z4T3H9R2M5Q8W1XC"
NUMBER_PARAMETER: Final = Parameter(
    "number",
    "path",
    "The number of a statement or a credit note.",
    NUMBER_EXAMPLE,
    {"type": "string", "pattern": f"^{NUMBER.pattern}$"},
)
UNUSED_NUMBER_PARAMETER: Final = replace(NUMBER_PARAMETER, example="PLG-2000-000001")
"""For what changes the statement: trying the documents' example must reach no real one."""
KEY_PARAMETER: Final = Parameter(
    "Idempotency-Key",
    "header",
    "The same key gives the same statements again, for ever.",
    "november",
    {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
    is_required=False,
)


def _parameter(name: str, description: str, example: str, **schema: object) -> Parameter:
    text = {"type": "string", **schema}
    return Parameter(name, "query", description, example, text, is_required=False)


ACCOUNT: Final = _parameter(
    "account",
    "For admins: an account's id or e-mail address.",
    ACCOUNT_EXAMPLE,
)
ACCOUNT_OR_ALL: Final = _parameter(
    "account", f"For admins: an account's id or e-mail address, or `{ALL}`.", ALL
)
RECORD_PARAMETERS: Final = (
    _parameter("since", "From this time on.", "2026-11-21T00:00:00Z", format="date-time"),
    _parameter("until", "Before this time.", "2026-11-22T00:00:00Z", format="date-time"),
    _parameter("key", "Of this API key, by its id.", "01JDG7P5F3K8V6S0D4J7Y9A2GE"),
    _parameter("record_key", "About this record.", "KB-000001"),
    _parameter("statement", "Billed by this statement.", NUMBER_EXAMPLE),
    ACCOUNT,
)


def account_of(scope: Scope) -> str | None:
    """Return the account that is asked for; None for the caller's own."""
    return query_of(scope).get("account")


def account_and_key(scope: Scope) -> tuple[str | None, str | None]:
    """Return the account that is asked for, and the `Idempotency-Key`."""
    return account_of(scope), key_of(scope)


def key_of(scope: Scope) -> str | None:
    """Return the `Idempotency-Key`, None without one; raise InvalidParameter where it cannot be."""
    given = scope["plg.exchange"].fields.get(b"idempotency-key")
    return None if given is None else idempotency_key(given)


def number_of(scope: Scope) -> str:
    """Return the number in the path, or raise NotFound where there can be none like it."""
    number = decode_segment(scope["path_params"]["number"], "number")
    return _checked(number)


def records_of(scope: Scope) -> tuple[Scope, Page, RecordQuery]:
    """Return which usage records are asked for."""
    query, page = query_of(scope), page_of(scope)
    statement = query.get("statement")
    wanted = RecordQuery(
        account_id=query.get("account"),
        since=_micros(query, "since"),
        until=_micros(query, "until"),
        key_id=query.get("key"),
        record_key=query.get("record_key"),
        statement=None if statement is None else _checked(statement),
        before=place_of(page),
    )
    return scope, page, wanted


def _micros(query: dict[str, str], name: str) -> int | None:
    text = query.get(name)
    return None if text is None else round(instant(text, name) * MICROSECONDS)


def _checked(number: str) -> str:
    if NUMBER.fullmatch(number) is None:
        raise NotFound("There is no statement with this number.")
    return number
