"""What may be said of plans and terms, in texts that people write."""

from plg.domain.errors import InvalidParameter
from plg.domain.money import Currency, parse_nanos


def amount_of(parameter: str, text: str) -> int:
    """Return an amount such as `0.10` in billionths, or raise InvalidParameter."""
    try:
        return parse_nanos(text)
    except ValueError as error:
        raise InvalidParameter(parameter, f"{parameter} {error}.") from error


def currency_of(parameter: str, text: str) -> Currency:
    """Return the currency with this code, or raise InvalidParameter."""
    try:
        return Currency.parse(text)
    except ValueError as error:
        raise InvalidParameter(parameter, f"{parameter} {error}.") from error
