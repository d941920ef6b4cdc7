"""
Statements as they stand in the database, for checks.

Unlike a `Statement`, these may hold anything: tampering keeps to no type and no rule.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import NamedTuple

from plg.domain.currencies import unstated_digits
from plg.domain.ledger.statements import StatementKind


class KeptLine(NamedTuple):
    """A line, with its columns in their order."""

    line: int
    resource: str
    metered: str
    unit_price: int
    plan_code: str
    plan_version: int
    units: int
    records: int
    amount: str
    credits: int | None

    @property
    def money(self) -> int | None:
        """The amount in billionths; None where it is no number."""
        return whole(self.amount)


class KeptStatement(NamedTuple):
    """
    A statement or credit note, with its columns in their order and its lines.

    Attributes:
        minor_digits: The decimals that it states; None where it was closed before any did.
    """

    number: str
    kind: str
    position: int
    account_id: str
    currency: str
    amount: str
    balance: str
    closed_at: float
    first: int | None
    last: int | None
    from_at: int | None
    to_at: int | None
    head: bytes | None
    credited: str | None
    reason: str | None
    lines: tuple[KeptLine, ...] = ()
    minor_digits: int | None = None

    @property
    def rounded_to(self) -> int:
        """How many decimals its amounts have."""
        stated = self.minor_digits
        return unstated_digits(self.currency) if stated is None else stated

    @property
    def is_note(self) -> bool:
        return self.kind == StatementKind.CREDIT_NOTE

    @property
    def covers(self) -> bool:
        """Whether it covers records."""
        return self.kind == StatementKind.STATEMENT

    @property
    def due(self) -> int | None:
        """What the lines come to; None where one of them is no number."""
        amounts = [line.money for line in self.lines]
        return None if None in amounts else sum(each for each in amounts if each is not None)


def whole(text: object) -> int | None:
    """Return a whole number that is kept as text; None where it is none."""
    try:
        return int(str(text))
    except ValueError:
        return None


class StatementsDigest:
    """What stands for statements of an account, in their order."""

    __slots__ = ("_digest",)

    def __init__(self, statements: Iterable[KeptStatement] = ()) -> None:
        self._digest = hashlib.sha256()
        for each in statements:
            self.add(each)

    def add(self, statement: KeptStatement) -> None:
        """Take the next one."""
        values = statement if statement.minor_digits is not None else statement[:-1]
        self._digest.update(json.dumps(values, default=_hex).encode() + b"\n")

    def value(self) -> bytes:
        """Return the digest of all that were added."""
        return self._digest.digest()


def _hex(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
