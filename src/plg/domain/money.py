"""Money as integers: never a float, always with its currency."""

import re
from dataclasses import dataclass
from typing import Final, Self

NANOS: Final = 1_000_000_000
"""How many of the smallest amounts make one of the currency."""

NANOS_MAX: Final = 1_000_000_000 * NANOS
_AMOUNT: Final = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,9}))?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_MINOR_DIGITS: Final = {"BIF": 0, "CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "VND": 0, "XAF": 0,
                        "XOF": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}  # fmt: skip
_MINOR_DIGITS_USUAL: Final = 2


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its code (ISO 4217)."""

    code: str

    def __post_init__(self) -> None:
        if _CURRENCY.fullmatch(self.code) is None:
            raise ValueError("must be three capital letters such as EUR")

    @property
    def minor_digits(self) -> int:
        """How many decimals amounts that are paid have."""
        return _MINOR_DIGITS.get(self.code, _MINOR_DIGITS_USUAL)

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
        return cls(parse_nanos(text), Currency(currency))
