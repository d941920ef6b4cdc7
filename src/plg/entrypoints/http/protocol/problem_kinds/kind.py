"""What a kind of problem is."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One kind of problem. Its page and the documentation are made from these texts.

    Attributes:
        when: In which cases it is the answer.
        advice: What to do about it.
        detail: What the answer says where nothing more exact is known.
    """

    status: HTTPStatus
    title: str
    when: str
    advice: str
    detail: str = ""
