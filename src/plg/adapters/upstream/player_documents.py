"""Find one player in what the source sent, without touching a digit of it."""

import re

import msgspec

from plg.domain.errors import SourceBroken, SourceFault

NESTING_MAX = 64
_INTEGER = re.compile(rb"-?[0-9]+")
_STRINGS_AND_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


class _Keyed(msgspec.Struct):
    killer_bi_id: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _Wrapped(msgspec.Struct):
    results: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    killer_bi_id: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_items = msgspec.json.Decoder(list[msgspec.Raw])
_wrapped = msgspec.json.Decoder(_Wrapped)
_keyed = msgspec.json.Decoder(_Keyed)
_text = msgspec.json.Decoder(str)


def find_player_document(body: bytes, killer_bi_id: str) -> bytes | None:
    """
    Return the first item whose `killer_bi_id`, as text, equals the given one, or None.

    A list, `{"results": [...]}` and a single object are understood.

    Raises:
        SourceBroken: If `body` is not JSON in UTF-8, nests too deep, or has another shape.
    """
    _check_text(body)
    try:
        for item in _candidates(body):
            if _key_as_text(_keyed.decode(item).killer_bi_id) == killer_bi_id:
                return bytes(item)
    except msgspec.ValidationError as error:
        raise SourceBroken(SourceFault.SHAPE, str(error)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise SourceBroken(SourceFault.JSON, str(error)) from error
    return None


def _check_text(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise SourceBroken(SourceFault.JSON, "the answer is not UTF-8") from error
    if body.count(b"[") + body.count(b"{") > NESTING_MAX and _depth(body) > NESTING_MAX:
        raise SourceBroken(SourceFault.JSON, f"the answer nests deeper than {NESTING_MAX} levels")


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


def _candidates(body: bytes) -> list[msgspec.Raw]:
    text = body.strip(b" \t\r\n")
    if not text.startswith(b"{"):
        return _items.decode(text)
    wrapped = _wrapped.decode(text)
    if wrapped.killer_bi_id is not msgspec.UNSET:
        return [msgspec.Raw(text)]
    if wrapped.results is msgspec.UNSET:
        raise SourceBroken(SourceFault.SHAPE, "an object with neither killer_bi_id nor results")
    return _items.decode(wrapped.results)


def _key_as_text(raw: msgspec.Raw | msgspec.UnsetType) -> str | None:
    if raw is msgspec.UNSET:
        return None
    literal = bytes(raw)
    if literal.startswith(b'"'):
        return _text.decode(literal)
    return literal.decode() if _INTEGER.fullmatch(literal) else None
