"""JSON Pointers (RFC 6901): where in an answer the record is, and where in a record its key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

LENGTH_MAX: Final = 200
_FORM: Final = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")


class _Absent:
    """Stands for what is not there, since null is a value."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Pointer:
    """A place in a JSON value; an empty one is all of it."""

    tokens: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Pointer":
        """
        Read a pointer.

        Raises:
            ValueError: If it is none.
        """
        if len(text) > LENGTH_MAX or _FORM.fullmatch(text) is None:
            raise ValueError("must be a JSON Pointer such as /data/item, or empty for all of it")
        parts = text.split("/")[1:]
        return cls(tuple(each.replace("~1", "/").replace("~0", "~") for each in parts))

    @property
    def text(self) -> str:
        """The pointer as it is written."""
        return "".join(f"/{each.replace('~', '~0').replace('/', '~1')}" for each in self.tokens)

    def of(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return what stands there in the value, or ABSENT."""
        for token in self.tokens:
            if isinstance(value, Mapping) and token in value:
                value = value[token]
            elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
                if _INDEX.fullmatch(token) is None or int(token) >= len(value):
                    return ABSENT
                value = value[int(token)]
            else:
                return ABSENT
        return value


WHOLE: Final = Pointer()
"""All of a value."""
