"""Statements, with everything that a test does not care about."""

from dataclasses import replace
from typing import Final

from plg.domain.ledger.statements import Line, Span, Statement, StatementKind
from plg.domain.money import Currency
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, CENT

EUR: Final = Currency("EUR")
HITS: Final = Line("players", "hit", 5 * CENT, "basic", 1, 10, 10, 50 * CENT)
MISSES: Final = Line("players", "miss", 10 * CENT, "basic", 1, 5, 5, 50 * CENT)
FIRST: Final = Statement(
    number="PLG-2023-000001",
    kind=StatementKind.STATEMENT,
    position=1,
    account_id=ANA,
    currency=EUR,
    lines=(HITS, MISSES),
    balance=100 * CENT,
    closed_at=NOON + 0.5,
    span=Span(1, 15, 1, 2, b"h" * 32),
)
NOTE: Final = Statement(
    number="PLG-CN-2023-000001",
    kind=StatementKind.CREDIT_NOTE,
    position=2,
    account_id=ANA,
    currency=EUR,
    lines=(replace(HITS, units=0, records=0, amount=-20 * CENT, credits=1),),
    balance=80 * CENT,
    closed_at=NOON + 1,
    credited=FIRST.number,
    reason="Too much: ¡perdón!",
)


def statement(position: int, **changes: object) -> Statement:
    """Return another statement, that covers one record."""
    number = f"PLG-2023-{position:06}"
    span = Span(position, position, 1, 2, b"h" * 32)
    return replace(FIRST, number=number, position=position, span=span, **changes)  # type: ignore[arg-type]
