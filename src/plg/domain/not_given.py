"""What was not said, where saying nothing and saying none are two things."""

from dataclasses import fields
from enum import Enum
from typing import Any, Final


class Unsaid(Enum):
    """Where nothing was said, which is not the same as none."""

    UNSAID = "unsaid"

    def __repr__(self) -> str:
        return "UNSAID"


UNSAID: Final = Unsaid.UNSAID


def said(wish: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Return the fields of a dataclass of which something was said."""
    values = {each.name: getattr(wish, each.name) for each in fields(wish)}
    return {name: value for name, value in values.items() if value is not UNSAID}
