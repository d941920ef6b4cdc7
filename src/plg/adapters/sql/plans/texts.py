"""Prices and terms as the texts that the database keeps, and back."""

import json
from collections.abc import Mapping
from typing import Any

from plg.domain.limits.rates import Rate
from plg.domain.not_given import given_fields
from plg.domain.plans.plans import Metered
from plg.domain.plans.terms import Terms

_RATES = ("rate", "source_calls")


def prices_text(prices: Mapping[Metered, int]) -> str:
    """Return prices as the one text there is for them."""
    return json.dumps(prices, sort_keys=True)


def to_prices(text: str) -> dict[Metered, int]:
    """Return the prices of a text."""
    return _prices(json.loads(text))


def rate_text(rate: Rate | None) -> str | None:
    """Return a rate as a text."""
    return None if rate is None else str(rate)


def to_rate(text: str | None) -> Rate | None:
    """Return the rate of a text."""
    return None if text is None else Rate.parse(text)


def terms_text(terms: Terms) -> str:
    """Return what is said as a text."""
    values = given_fields(terms)
    return json.dumps(values | {name: rate_text(values[name]) for name in _RATES if name in values})


def to_terms(text: str) -> Terms:
    """Return the terms of a text."""
    values: dict[str, Any] = json.loads(text)
    for name in _RATES:
        if name in values:
            values[name] = to_rate(values[name])
    if "prices" in values:
        values["prices"] = _prices(values["prices"])
    return Terms(**values)


def _prices(values: Mapping[str, int]) -> dict[Metered, int]:
    return {Metered(name): nanos for name, nanos in values.items()}
