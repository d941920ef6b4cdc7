"""Find a declared record in what its source sent, without touching a digit of it."""

from collections.abc import Iterator
from typing import Final

import msgspec

from plg.adapters.upstream.documents import check_text, key_as_text
from plg.domain.errors import SourceBroken, SourceFault
from plg.domain.records.declared.keys import DeclaredKey, KeyRule
from plg.domain.records.declared.pointers import Pointer

_NULL: Final = b"null"
_BLANKS: Final = b" \t\r\n"
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_items = msgspec.json.Decoder(list[msgspec.Raw])
_anything = msgspec.json.Decoder()


def find_document(
    body: bytes, key: DeclaredKey, rule: KeyRule, record: Pointer, match: Pointer | None
) -> bytes | None:
    """
    Return the record for the key in the body of an answer, or None where there is no match.

    `record` is followed first. In a list the first item whose `match` equals the key is the record;
    without `match` a list is the record itself. An empty list and null are no match.

    Raises:
        SourceBroken: If the body is not JSON in UTF-8, nests too deep, has nothing where the record
            should be, or has an object that is about another key.
    """
    check_text(body)
    try:
        _anything.decode(body)
        found = _at(body, record)
        if found is None:
            where = "/" + "/".join(record.tokens)
            raise SourceBroken(SourceFault.SHAPE, f"the answer has nothing at {where[:200]}")
        return _matching(found, key, rule, match)
    except msgspec.ValidationError as error:
        raise SourceBroken(SourceFault.SHAPE, str(error)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise SourceBroken(SourceFault.JSON, str(error)) from error


def _matching(found: bytes, key: DeclaredKey, rule: KeyRule, match: Pointer | None) -> bytes | None:
    if found == _NULL:
        return None
    if found.startswith(b"["):
        items = _items.decode(found)
        if match is None:
            return found if items else None
        texts = (bytes(item).strip(_BLANKS) for item in items)
        return next((text for text in texts if _is_about(text, key, rule, match)), None)
    if match is not None and not _is_about(found, key, rule, match):
        raise SourceBroken(SourceFault.SHAPE, "the answer is about another key")
    return found


def _is_about(item: bytes, key: DeclaredKey, rule: KeyRule, match: Pointer) -> bool:
    raw = _at(item, match)
    text = None if raw is None else key_as_text(raw)
    return text is not None and rule.is_same(key, text)


def _at(value: bytes, pointer: Pointer) -> bytes | None:
    """Return the text of what stands there, or None where nothing does."""
    value = value.strip(_BLANKS)
    for token in pointer.tokens:
        if value.startswith(b"{"):
            raw = _members.decode(value).get(token)
        elif value.startswith(b"[") and token.isascii() and token.isdigit():
            raw = next(_slice(_items.decode(value), token), None)
        else:
            return None
        if raw is None:
            return None
        value = bytes(raw).strip(_BLANKS)
    return value


def _slice(items: list[msgspec.Raw], token: str) -> Iterator[msgspec.Raw]:
    is_index = token == "0" or not token.startswith("0")
    if is_index and len(token) <= len(str(len(items))) and int(token) < len(items):
        yield items[int(token)]
