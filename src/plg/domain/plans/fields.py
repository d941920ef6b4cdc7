"""What may be said of plans and terms, in texts that people write."""

from enum import StrEnum

from plg.domain.errors import InvalidParameter
from plg.domain.money import Currency, parse_nanos
from plg.domain.not_given import NotGiven
from plg.domain.plans.plans import Unit


class UnitName(StrEnum):
    """What people call a unit: an answer, or a distinct record on a day (once `vin`)."""

    REQUEST = "request"
    RECORD = "record"
    VIN = "vin"

    @property
    def unit(self) -> Unit:
        """The unit of this name."""
        return Unit.REQUEST if self is UnitName.REQUEST else Unit.VIN


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


def one_of(
    name: str, count: int | NotGiven | None, older_name: str, older: int | NotGiven | None
) -> int | NotGiven | None:
    """Return what was given under either name, or raise InvalidParameter where they differ."""
    if isinstance(older, NotGiven):
        return count
    if isinstance(count, NotGiven) or count == older:
        return older
    raise InvalidParameter(name, f"{name} and {older_name} are the same: give one of them.")
