"""Prices and terms as the texts that the database keeps, and back."""

import json
from collections.abc import Mapping
from typing import Any

from plg.domain.limits.rates import Rate
from plg.domain.not_given import given_fields
from plg.domain.plans.plans import Metered, ResourceTerms
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


def resources_text(resources: Mapping[str, ResourceTerms]) -> str | None:
    """Return the terms of resources as a text; None where no resource has some of its own."""
    return json.dumps(_plain(resources), sort_keys=True) if resources else None


def to_resources(text: str | None) -> dict[str, ResourceTerms]:
    """Return the terms of resources of a text."""
    values = {} if text is None else json.loads(text)
    return {name: _resource(each) for name, each in values.items()}


def terms_text(terms: Terms) -> str:
    """Return what is said as a text."""
    values = given_fields(terms)
    if "resources" in values:
        values["resources"] = _plain(values["resources"])
    return json.dumps(values | {name: rate_text(values[name]) for name in _RATES if name in values})


def to_terms(text: str) -> Terms:
    """Return the terms of a text."""
    values: dict[str, Any] = json.loads(text)
    for name in _RATES:
        if name in values:
            values[name] = to_rate(values[name])
    if "prices" in values:
        values["prices"] = _prices(values["prices"])
    if "resources" in values:
        values["resources"] = {
            name: None if each is None else _resource(each)
            for name, each in values["resources"].items()
        }
    return Terms(**values)


def _plain(resources: Mapping[str, ResourceTerms | None]) -> dict[str, Any]:
    return {name: None if each is None else given_fields(each) for name, each in resources.items()}


def _resource(values: dict[str, Any]) -> ResourceTerms:
    return ResourceTerms(**{**values, "prices": _prices(values["prices"])})


def _prices(values: Mapping[str, int]) -> dict[Metered, int]:
    return {Metered(name): nanos for name, nanos in values.items()}
