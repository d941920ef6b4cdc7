"""How a command is told when something ends."""

from dataclasses import dataclass
from typing import Any, Final

import click

from plg.domain.limits.rates import DAY_SECONDS

NEVER: Final = "never"


@dataclass(frozen=True, slots=True)
class Expires:
    """In so many days; None for never."""

    days: int | None

    def after(self, now: float) -> float | None:
        """Return the instant, counted from now."""
        return None if self.days is None else now + self.days * DAY_SECONDS


class _Expires(click.ParamType[Expires]):
    name = "DAYS|never"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Expires:
        if value == NEVER:
            return Expires(None)
        try:
            return Expires(int(value))
        except ValueError:
            self.fail(f"{value!r} is neither a number of days nor never.", param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        return self.name


EXPIRES: Final = _Expires()
