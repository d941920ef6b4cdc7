"""How long tests go on: briefly in `make test`, for long in `make test-long` and `make fuzz`."""

import os
from typing import Final

LENGTH: Final = os.environ.get("TEST_LENGTH", "short")
IS_FUZZ: Final = LENGTH == "fuzz"
"""Whether to search anew, instead of trying the same examples each time."""


def times(*, short: int, long: int, fuzz: int | None = None) -> int:
    """Return how many rounds, kills or examples a run of this length has."""
    return {"short": short, "long": long, "fuzz": long if fuzz is None else fuzz}[LENGTH]
