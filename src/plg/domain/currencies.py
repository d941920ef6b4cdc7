"""Which codes are money, and how many decimals an amount has that can be paid (ISO 4217)."""

from collections.abc import Mapping
from functools import cache
from typing import Final

_UNSTATED: Final = {"BIF": 0, "CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "VND": 0, "XAF": 0,
                    "XOF": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}  # fmt: skip
_USUAL: Final = 2


@cache
def current_digits() -> Mapping[str, int]:
    """
    Return the decimals of each currency of today, by its code.

    What the standard lists without decimals (XXX, gold, units of account) is no money.
    """
    import iso4217  # noqa: PLC0415 - it parses XML for 17 ms, and few commands need it

    return {each.code: each.exponent for each in iso4217.Currency if each.exponent is not None}


def unstated_digits(code: str) -> int:
    """
    Return the decimals that a statement was rounded to which does not state them.

    Statements state them since PLG has the table of ISO 4217: what was closed before is verified
    by this one, which never changes. It holds too for a plan in what is no money of today.
    """
    return _UNSTATED.get(code, _USUAL)
