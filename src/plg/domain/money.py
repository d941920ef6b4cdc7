"""Money as integers: never a float, always with its currency."""

import re
from dataclasses import dataclass, field
from typing import Final, Self

from plg.domain.currencies import current_digits, unstated_digits

NANOS: Final = 1_000_000_000
"""How many of the smallest amounts make one of the currency."""

NANOS_MAX: Final = 1_000_000_000 * NANOS
_AMOUNT: Final = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,9}))?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_MINOR_DIGITS_MAX: Final = 9


@dataclass(frozen=True, slots=True)
class Currency:
    """
    A currency by its code (ISO 4217), which alone tells it from others.

    What was kept may be no money of today any more, or never was: new values come by `parse`.

    Attributes:
        stated_digits: Decimals that a statement was rounded to; None: those of today.
    """

    code: str
    stated_digits: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if _CURRENCY.fullmatch(self.code) is None:
            raise ValueError("must be three capital letters such as EUR")
        if not 0 <= (self.stated_digits or 0) <= _MINOR_DIGITS_MAX:
            raise ValueError("cannot have so many decimals")

    @classmethod
    def parse(cls, code: str) -> Self:
        """
        Return the currency with this code.

        Raises:
            ValueError: If it is no money of today.
        """
        currency = cls(code)
        if code not in current_digits():
            raise ValueError("must be the code of a currency in use (ISO 4217), such as EUR")
        return currency

    @property
    def minor_digits(self) -> int:
        """How many decimals amounts that are paid have."""
        if self.stated_digits is not None:
            return self.stated_digits
        digits = current_digits().get(self.code)
        return unstated_digits(self.code) if digits is None else digits

    def rounded(self, nanos: int) -> int:
        """Return the amount rounded to what can be paid: halves away from zero."""
        step: int = NANOS // 10**self.minor_digits
        whole, rest = divmod(abs(nanos), step)
        whole += 2 * rest >= step
        return whole * step if nanos >= 0 else -whole * step

    def text(self, nanos: int) -> str:
        """Return the amount as a decimal, with the currency's own decimals or more if needed."""
        sign = "-" if nanos < 0 else ""
        whole, rest = divmod(abs(nanos), NANOS)
        decimals = f"{rest:09}".rstrip("0").ljust(self.minor_digits, "0")
        return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def parse_nanos(text: str) -> int:
    """
    Read a price such as `0.10`, to nine decimals.

    Raises:
        ValueError: If it is no such text.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError("must be an amount such as 0.10, with at most 9 decimals")
    return int(match[1]) * NANOS + int((match[2] or "").ljust(9, "0"))


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs, in billionths of the currency."""

    nanos: int
    currency: Currency

    def __post_init__(self) -> None:
        if not 0 <= self.nanos <= NANOS_MAX:
            raise ValueError("must be from 0 to a billion")

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """
        Read `0.10` and `EUR`.

        Raises:
            ValueError: If one of them cannot be used.
        """
        return cls(parse_nanos(text), Currency.parse(currency))
