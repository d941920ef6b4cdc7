"""
Dictionaries of RFC 9651, the part of it that signatures and digests need.

Members are inner lists or items; items are strings, tokens, integers, booleans and byte
sequences, with parameters. Everything else is refused (decimals, dates, display strings), and so
is a key that comes twice in one place: what two readers may understand differently is not signed.
Input is bounded, nothing recurses.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

LENGTH_MAX: Final = 8192
PARTS_MAX: Final = 64
"""Members of a dictionary, items of a list, parameters of an item."""

_KEY: Final = re.compile(r"[a-z*][a-z0-9_.*-]*")
_INTEGER: Final = re.compile(r"-?[0-9]{1,15}(?![0-9.])")
_STRING: Final = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BYTES: Final = re.compile(r":([A-Za-z0-9+/]*={0,2}):")
_TOKEN: Final = re.compile(r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*")
_BOOLEAN: Final = re.compile(r"\?([01])")
_SPACES: Final = re.compile(r" *")
_BLANKS: Final = re.compile(r"[ \t]*")
_ESCAPE: Final = re.compile(r"\\(.)")
_TO_ESCAPE: Final = re.compile(r'(["\\])')


class NotUnderstood(ValueError):
    """It is no dictionary, or one beyond what is read here; the message says where."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word without quotes."""

    text: str


BareItem = str | int | bool | bytes | Token
Parameters = Mapping[str, BareItem]


@dataclass(frozen=True, slots=True)
class Item:
    """A value with parameters."""

    value: BareItem
    parameters: Parameters = field(default_factory=dict)

    def __str__(self) -> str:
        return _write_bare(self.value) + _write_parameters(self.parameters)


@dataclass(frozen=True, slots=True)
class InnerList:
    """Items in round brackets, with parameters of the whole."""

    items: tuple[Item, ...]
    parameters: Parameters = field(default_factory=dict)

    def __str__(self) -> str:
        return f"({' '.join(map(str, self.items))}){_write_parameters(self.parameters)}"


Member = Item | InnerList


def read_dictionary(text: str) -> dict[str, Member]:
    """
    Return the members of a dictionary by key, in their order.

    Raises:
        NotUnderstood: If it is none, or one beyond what is read here.
    """
    if len(text) > LENGTH_MAX:
        raise NotUnderstood(f"longer than {LENGTH_MAX} characters")
    return _Reader(text.strip(" ")).dictionary()


class _Reader:
    """Reads from left to right (RFC 9651, 4.2); each pattern takes linear time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def dictionary(self) -> dict[str, Member]:
        members: dict[str, Member] = {}
        while self._at < len(self._text):
            key = self._new_key(members)
            members[key] = self._member()
            self._take(_BLANKS)
            if self._at == len(self._text):
                break
            self._expect(",")
            self._take(_BLANKS)
            if self._at == len(self._text):
                raise self._failure("a member after the comma")
        return members

    def _member(self) -> Member:
        if not self._skip("="):
            return Item(value=True, parameters=self._parameters())
        return self._inner_list() if self._skip("(") else self._item()

    def _inner_list(self) -> InnerList:
        items: list[Item] = []
        while True:
            self._take(_SPACES)
            if self._skip(")"):
                return InnerList(tuple(items), self._parameters())
            self._bound(len(items))
            items.append(self._item())
            if self._peek() not in {" ", ")"}:
                raise self._failure("a blank or )")

    def _item(self) -> Item:
        return Item(self._bare_item(), self._parameters())

    def _parameters(self) -> Parameters:
        parameters: dict[str, BareItem] = {}
        while self._skip(";"):
            self._take(_SPACES)
            key = self._new_key(parameters)
            parameters[key] = self._bare_item() if self._skip("=") else True
        return parameters

    def _bare_item(self) -> BareItem:
        if (match := self._match(_STRING)) is not None:
            return _ESCAPE.sub(r"\1", match[1])
        if (match := self._match(_BYTES)) is not None:
            return self._decoded(match[1])
        if (match := self._match(_INTEGER)) is not None:
            return int(match[0])
        if (match := self._match(_BOOLEAN)) is not None:
            return match[1] == "1"
        if (match := self._match(_TOKEN)) is not None:
            return Token(match[0])
        raise self._failure("a string, token, integer, boolean or byte sequence")

    def _new_key(self, taken: Mapping[str, object]) -> str:
        self._bound(len(taken))
        match = self._match(_KEY)
        if match is None or match[0] in taken:
            raise self._failure("a key that was not there yet")
        return match[0]

    def _decoded(self, text: str) -> bytes:
        try:
            decoded = b64decode(text, validate=True)
        except binascii.Error:
            decoded = b""
        # Other spellings of the same bytes are refused: unused bits that are set, no padding.
        if b64encode(decoded).decode() != text:
            raise self._failure("canonical base64")
        return decoded

    def _bound(self, count: int) -> None:
        if count >= PARTS_MAX:
            raise self._failure(f"no more than {PARTS_MAX} parts")

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return match

    def _take(self, pattern: re.Pattern[str]) -> None:
        self._match(pattern)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip(self, mark: str) -> bool:
        is_there = self._peek() == mark
        self._at += is_there
        return is_there

    def _expect(self, mark: str) -> None:
        if not self._skip(mark):
            raise self._failure(mark)

    def _failure(self, wanted: str) -> NotUnderstood:
        return NotUnderstood(f"character {self._at + 1} should be {wanted}")


def _write_bare(value: BareItem) -> str:
    if isinstance(value, bool):
        return f"?{int(value)}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return f":{b64encode(value).decode()}:"
    if isinstance(value, Token):
        return value.text
    return '"' + _TO_ESCAPE.sub(r"\\\1", value) + '"'


def _write_parameters(parameters: Parameters) -> str:
    return "".join(
        f";{key}" if value is True else f";{key}={_write_bare(value)}"
        for key, value in parameters.items()
    )
