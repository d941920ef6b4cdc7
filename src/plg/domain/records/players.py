"""Players, as their source knows them."""

import re
from dataclasses import dataclass

from plg.domain.errors import InvalidParameter

KEY_LENGTH_MAX = 128
_PLAIN = re.compile(r"[!-~]{1,128}")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class KillerBiId:
    """
    The key of a player: 1 to 128 characters of UTF-8, no controls, no outer white space.

    Raises:
        InvalidParameter: If `value` is not such a text.
    """

    value: str

    def __post_init__(self) -> None:
        value = self.value
        if _PLAIN.fullmatch(value):
            return
        if not 0 < len(value) <= KEY_LENGTH_MAX:
            raise InvalidParameter(
                "killer_bi_id", f"killer_bi_id must have 1 to {KEY_LENGTH_MAX} characters."
            )
        if not value.isprintable() and _FORBIDDEN.search(value):
            raise InvalidParameter(
                "killer_bi_id",
                "killer_bi_id must not contain control characters or halves of characters.",
            )
        if value[0].isspace() or value[-1].isspace():
            raise InvalidParameter(
                "killer_bi_id", "killer_bi_id must not begin or end with white space."
            )

    @classmethod
    def parse(cls, text: str) -> "KillerBiId":
        """Trim `text`, as people paste it, and take it as a key."""
        return cls(text.strip())


@dataclass(frozen=True, slots=True)
class Player:
    """
    A player under its key.

    `document` is the source's record as it was sent: one JSON object, UTF-8. It is kept
    as text, so attributes that PLG does not know and the digits of numbers stay as they are.
    """

    killer_bi_id: KillerBiId
    document: bytes
