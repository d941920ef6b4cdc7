"""A value that was not given, where giving none means something else."""

from dataclasses import fields
from enum import Enum
from typing import Any, Final


class NotGiven(Enum):
    """Stands for a value that was not given; None is a value."""

    NOT_GIVEN = "not given"

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final = NotGiven.NOT_GIVEN


def given_fields(change: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Return the fields of a dataclass that were given."""
    values = {each.name: getattr(change, each.name) for each in fields(change)}
    return {name: value for name, value in values.items() if value is not NOT_GIVEN}
