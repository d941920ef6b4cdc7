"""How commands are told terms of a plan, and when they hold."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

import click

from plg.domain.errors import InvalidParameter
from plg.domain.identity.api_key_fields import rate_of
from plg.domain.limits.rates import Rate
from plg.domain.not_given import NOT_GIVEN, NotGiven
from plg.domain.plans.fields import amount_of, one_of
from plg.domain.plans.plans import Metered, ResourceTerms
from plg.domain.plans.terms import Terms
from plg.domain.rfc3339 import parse_day_or_time

F = TypeVar("F", bound=Callable[..., Any])
UNLIMITED: Final = "unlimited"
DEFAULT: Final = "default"
PLAN: Final = "plan"
NOW, PERIOD_END = "now", "period-end"
_RATES: Final = {"rate", "source_calls"}

effective = click.option(
    "--effective",
    type=click.Choice([NOW, PERIOD_END]),
    help="When it takes effect; a period is a month in UTC.",
    default=NOW,
    show_default=True,
)

_TERMS = (
    click.option("--requests-per-day", metavar="N|unlimited", help="Answers with data a day."),
    click.option("--records-per-day", metavar="N|unlimited", help="Distinct records a day."),
    click.option("--vins-per-day", metavar="N|unlimited", help="The same, under its older name."),
    click.option("--price", metavar="AMOUNT", help="Price of a unit, such as 0.10."),
    click.option(
        "--price-of",
        "prices",
        multiple=True,
        type=(click.Choice([metered.value for metered in Metered]), str),
        metavar="OUTCOME AMOUNT",
        help="Price of an outcome, such as `miss 0.20`; may be given again.",
    ),
    click.option(
        "--resource-price",
        "resource_prices",
        multiple=True,
        metavar="NAME=AMOUNT|NAME=plan",
        help="Price of a resource, such as `products=0.02`; may be given again.",
    ),
    click.option(
        "--resource-requests",
        "resource_requests",
        multiple=True,
        metavar="NAME=N|NAME=plan",
        help="Daily quota of a resource beside the plan's, such as `products=1000`.",
    ),
    click.option(
        "--rate",
        metavar="RATE|default",
        help="Rate limit, such as 120/minute; `default`: the settings' limits.",
    ),
    click.option(
        "--source-calls",
        metavar="RATE|default",
        help="Rate of lookups that reach the source; `default`: the setting's.",
    ),
)


def takes_terms(command: F) -> F:
    """Let a command take the terms of a plan, which `terms_of` reads."""
    for option in reversed(_TERMS):
        command = option(command)
    return command


def terms_of(given: dict[str, Any]) -> Terms:
    """
    Return the terms among the options of a command.

    Raises:
        InvalidParameter: If one cannot be used.
    """
    price, prices = given["price"], given["prices"]
    return Terms(
        _count("--requests-per-day", given["requests_per_day"]),
        one_of(
            "--records-per-day",
            _count("--records-per-day", given["records_per_day"]),
            "--vins-per-day",
            _count("--vins-per-day", given["vins_per_day"]),
        ),
        NOT_GIVEN if price is None else amount_of("--price", price),
        {Metered(name): amount_of(f"--price-of {name}", text) for name, text in prices}
        or NOT_GIVEN,
        _rate("--rate", given["rate"]),
        _rate("--source-calls", given["source_calls"]),
        _resources(given["resource_prices"], given["resource_requests"]) or NOT_GIVEN,
    )


def terms_text(terms: Mapping[str, Any]) -> str:
    """Return terms as JSON shows them, in the words of the options."""
    given_fields = []
    for name, value in terms.items():
        if name == "prices":
            given_fields += [f"{outcome} {price}" for outcome, price in value.items()]
        elif name == "resources":
            given_fields += [_resource_text(each, value[each]) for each in value]
        elif value is None:
            given_fields.append(f"{name} {DEFAULT if name in _RATES else UNLIMITED}")
        else:
            given_fields.append(f"{name} {value}")
    return "  ".join(given_fields)


def _resources(prices: Iterable[str], requests: Iterable[str]) -> dict[str, ResourceTerms | None]:
    terms: dict[str, ResourceTerms | None] = {}
    for text in prices:
        option = "--resource-price"
        name, amount = _of_resource(option, text, "products=0.02")
        terms[name] = (
            None if amount == PLAN else ResourceTerms(amount_of(f"{option} {name}", amount))
        )
    for text in requests:
        option = "--resource-requests"
        name, amount = _of_resource(option, text, "products=1000")
        count = None if amount == PLAN else _count(f"{option} {name}", amount)
        terms[name] = replace(terms.get(name) or ResourceTerms(), requests_per_day=count)
    return terms


def _of_resource(option: str, text: str, example: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise InvalidParameter(option, f"{option} is such as {example}.")
    return name, value


def _resource_text(name: str, terms: Mapping[str, Any] | None) -> str:
    if terms is None:
        return f"{name} {PLAN}"
    own = [f"{terms['price']}"] if "price" in terms else []
    own += [f"{outcome} {price}" for outcome, price in terms.get("prices", {}).items()]
    if "requests_per_day" in terms:
        quota = terms["requests_per_day"]
        own.append(f"requests_per_day {PLAN if quota is None else quota}")
    return " ".join([name, *own])


class _Time(click.ParamType[float]):
    name = "TIME"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        try:
            return parse_day_or_time(value).timestamp()
        except ValueError:
            self.fail(
                f"{value!r} is no time such as 2026-12-31 or 2026-12-31T12:00:00Z.", param, ctx
            )


TIME: Final = _Time()


def _count(option: str, text: str | None) -> int | NotGiven | None:
    if text is None:
        return NOT_GIVEN
    if text == UNLIMITED:
        return None
    if not (text.isascii() and text.isdigit()):
        raise InvalidParameter(option, f"{option} must be a whole number, or unlimited.")
    return int(text)


def _rate(option: str, text: str | None) -> Rate | NotGiven | None:
    if text is None:
        return NOT_GIVEN
    return None if text == DEFAULT else rate_of(option, text)
