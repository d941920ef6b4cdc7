"""What a kind of problem is."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: what it is called, and what to do about it."""

    status: HTTPStatus
    title: str
    advice: str
    detail: str = ""
