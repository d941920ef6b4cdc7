"""Numbers that options take."""

import math
from typing import Any

import click


class Finite(click.FloatRange):
    """A number within bounds; not nan, which is beyond none, nor infinity."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 - click's signature
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is no finite number.", param, ctx)
        return number
