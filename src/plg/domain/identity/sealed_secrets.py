"""What is still protected by an earlier secret of the operator's."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SealedUnderOldSecret:
    """
    How many are kept under a secret that is not among some.

    Attributes:
        last_used_at: When the last of them was used; None where none ever was.
    """

    count: int
    last_used_at: float | None = None
