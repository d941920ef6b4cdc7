"""Entity tags (RFC 9110, 8.8.3)."""

import re
from typing import Final

# A backslash in a tag is nothing special, so lists of tags are no lists of quoted strings.
_ENTITY_TAG: Final = re.compile(rb'(?:W/)?("[^"]*")')


def is_named_in(if_none_match: bytes, etag: bytes) -> bool:
    """Tell whether `If-None-Match` names the strong tag, by weak comparison (13.1.2)."""
    if if_none_match in (etag, b"*"):
        return True
    return etag in _ENTITY_TAG.findall(if_none_match)
