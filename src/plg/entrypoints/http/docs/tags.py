"""The groups in which the documents show operations: what partners use comes first."""

from collections.abc import Iterable
from typing import Any, Final

ADMINISTRATION: Final = "administration"

TAGS: Final[dict[str, str]] = {
    "players": "Look players up by their id. Each answer with a record is counted, and billed by "
    "the plan of the account.",
    "vehicles": "Look vehicles up by their VIN: what they are, how they are, what is left of their "
    "warranty, and how their battery has aged. Counted and billed as players are.",
    "records": "Look up records of the kinds that this gateway declares. Counted and billed as "
    "players are, unless said otherwise.",
    "billing": "What the account may use, has used and owes: plans, usage records, statements, a "
    "spend cap, and notices before a limit is reached.",
    "api-keys": "The account's keys: one for each program, each with scopes, limits and an end.",
    "devices": "Devices with a secret of their own, which they exchange for tokens.",
    "accounts": "The account itself.",
    "log-in": "Register, log in with a password, and keep, check and end the tokens that follow. "
    "A program needs none of it: an API key is enough.",
    "health": "Whether the service runs, for monitors and load balancers.",
    ADMINISTRATION: "Accounts, plans, fleets and the audit log, for administrators only.",
}


def described(used: Iterable[str]) -> list[dict[str, Any]]:
    """
    Return the tags that are used with their texts, in the order in which they are shown.

    Raises:
        ValueError: If one of them has no text.
    """
    names = set(used)
    if missing := names - TAGS.keys():
        raise ValueError(f"tags without a text: {', '.join(sorted(missing))}")
    return [{"name": name, "description": text} for name, text in TAGS.items() if name in names]
