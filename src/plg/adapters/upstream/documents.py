"""What the answers of all sources must be: JSON in UTF-8 that does not nest too deep."""

import re

import msgspec

from plg.domain.errors import SourceBroken, SourceFault

NESTING_MAX = 64
_INTEGER = re.compile(rb"-?[0-9]+")
_STRINGS_AND_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
_text = msgspec.json.Decoder(str)


def check_text(body: bytes) -> None:
    """
    Look at a body before it is parsed.

    Raises:
        SourceBroken: If it is not UTF-8, or nests too deep.
    """
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise SourceBroken(SourceFault.JSON, "the answer is not UTF-8") from error
    if body.count(b"[") + body.count(b"{") > NESTING_MAX and _depth(body) > NESTING_MAX:
        raise SourceBroken(SourceFault.JSON, f"the answer nests deeper than {NESTING_MAX} levels")


def key_as_text(raw: bytes) -> str | None:
    """Return a key that is written as a JSON string or an integer literal, else None."""
    if raw.startswith(b'"'):
        return _text.decode(raw)
    return raw.decode() if _INTEGER.fullmatch(raw) else None


def _depth(body: bytes) -> int:
    depth = deepest = 0
    for token in _STRINGS_AND_BRACKETS.finditer(body):
        first = body[token.start()]
        if first in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif first in b"]}":
            depth -= 1
    return deepest
