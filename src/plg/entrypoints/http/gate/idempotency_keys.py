"""The `Idempotency-Key` field."""

import re
from typing import Final

from plg.domain.errors import InvalidParameter

_IDEMPOTENCY_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


def idempotency_key(given: bytes) -> str:
    """
    Read an `Idempotency-Key`.

    Raises:
        InvalidParameter: If it is empty, too long, or not visible ASCII.
    """
    text = given.decode("latin-1")
    if _IDEMPOTENCY_KEY.fullmatch(text) is None:
        raise InvalidParameter(
            "Idempotency-Key", "Idempotency-Key must be 1 to 255 visible ASCII characters."
        )
    return text
