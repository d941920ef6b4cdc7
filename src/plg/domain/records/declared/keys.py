"""Keys of declared records."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from plg.domain.errors import InvalidParameter

LENGTH_MAX: Final = 128
"""What the ledger's column holds."""
_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DOTS: Final = (".", "..")


class Fold(StrEnum):
    """How letters of a key are made alike before it is used."""

    NONE = "none"
    UPPER = "upper"
    LOWER = "lower"

    def __call__(self, text: str) -> str:
        if self is Fold.UPPER:
            return text.upper()
        return text.lower() if self is Fold.LOWER else text


class KeyType(StrEnum):
    """What a key is to its source."""

    TEXT = "text"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True)
class DeclaredKey:
    """A key that its rule has let in: 1 to 128 characters, folded, none of control."""

    value: str


@dataclass(frozen=True, slots=True)
class KeyRule:
    """
    Which texts are keys of a resource.

    Attributes:
        name: As paths, parameters and problems name the key.
        pattern: What the whole key must match, after it is trimmed and folded.
        example: A key that the documents show, and that `plg resources check` asks for.
    """

    name: str
    type: KeyType = KeyType.TEXT
    fold: Fold = Fold.NONE
    pattern: re.Pattern[str] | None = None
    example: str | None = None

    def __post_init__(self) -> None:
        if self.example is not None and self.parse(self.example).value != self.fold(self.example):
            raise InvalidParameter(self.name, f"{self.name} begins or ends with white space.")

    def parse(self, text: str) -> DeclaredKey:
        """
        Return the key that a text is.

        Raises:
            InvalidParameter: If it is none.
        """
        value = text.strip()
        if not 0 < len(value) <= LENGTH_MAX:
            raise self._refusal(f"must have 1 to {LENGTH_MAX} characters")
        if _FORBIDDEN.search(value):
            raise self._refusal("must not contain control characters or halves of characters")
        if value in _DOTS:
            raise self._refusal("must not be a step in a path")
        value = self.fold(value)
        if self.type is KeyType.INTEGER and _INTEGER.fullmatch(value) is None:
            raise self._refusal("must be a whole number without leading zeros")
        if len(value) > LENGTH_MAX or not self._matches(value):
            example = "" if self.example is None else f", such as {self.example}"
            raise self._refusal(f"is not of the form that keys have here{example}")
        return DeclaredKey(value)

    def is_same(self, key: DeclaredKey, found: str) -> bool:
        """Tell whether what a record says of itself is this key, both folded."""
        return self.fold(found) == key.value

    def _matches(self, value: str) -> bool:
        return self.pattern is None or self.pattern.fullmatch(value) is not None

    def _refusal(self, why: str) -> InvalidParameter:
        return InvalidParameter(self.name, f"{self.name} {why}.")
