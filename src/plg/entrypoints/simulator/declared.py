"""Records of declared resources, made from their example keys and schemas: none is stored."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
from starlette.types import Scope

from plg.domain.errors import InvalidParameter
from plg.domain.records.declared.keys import DeclaredKey, KeyType
from plg.domain.records.declared.pointers import Pointer
from plg.domain.records.declared.resources import HttpLookup, ResourceSpec
from plg.entrypoints.simulator.garbage import Shell
from plg.entrypoints.simulator.schema_values import SchemaValues

GONE: Final = "00"
"""What keys end in that no record has, save for the example."""
_FALLBACK: Final = {"type": "object", "properties": {"name": {"type": "string"}}}


@dataclass(frozen=True)
class DeclaredBook:
    """
    Makes the records of one resource, which is asked for as its declaration says.

    There is one under every key that the declaration lets in, but for those that end in 00; under
    the example there is one in any case.

    Attributes:
        base: The path of the source's address, before that of the resource.
    """

    spec: ResourceSpec
    lookup: HttpLookup
    base: str
    seed: int

    def key_in(self, scope: Scope) -> str | None:
        """Return the key that a request is for as it is written; None if it is for another."""
        path, _, query = self.lookup.target.partition("?")
        found = self._path.fullmatch(scope["raw_path"].decode("latin-1").partition("?")[0])
        if found is None:
            return None
        hole = f"{{{self.spec.key.name}}}"
        if hole in path:
            return unquote(found[1])
        given = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        return next((given.get(name) for name, value in parse_qsl(query) if value == hole), None)

    def body(self, text: str, version: int) -> bytes | None:
        """Return the answer for a key, None without a match; `version` changes what it says."""
        try:
            key = self.spec.key.parse(text)
        except InvalidParameter:
            return None
        example = self.spec.key.example
        is_example = example is not None and key == self.spec.key.parse(example)
        if key.value.endswith(GONE) and not is_example:
            return None
        answer = self._record(key, version)
        for token in reversed(self.lookup.record.tokens):
            answer = [answer] if token == "0" else {token: answer}
        return msgspec.json.encode(answer)

    def shell(self, text: str) -> Shell:
        """Return what stands around the other members of the record."""
        tokens = (*self.lookup.record.tokens, *self._match.tokens)
        opening = b"".join(
            b"[" if token == "0" else b"{%b:" % msgspec.json.encode(token) for token in tokens
        )
        closing = b"".join(b"]" if token == "0" else b"}" for token in reversed(tokens))
        return Shell(opening + msgspec.json.encode(self._shown(text)), closing)

    def _record(self, key: DeclaredKey, version: int) -> Any:  # noqa: ANN401 - any JSON
        draw = Random(f"{self.seed}/{self.spec.name}/{key.value}/{version}")  # noqa: S311 - seeded data
        record = SchemaValues(self.spec.schema or _FALLBACK, draw).value()
        if not isinstance(record, dict):
            record = {}
        place = record
        *outer, member = self._match.tokens
        for token in outer:
            if not isinstance(place.get(token), dict):
                place[token] = {}
            place = place[token]
        place[member] = self._shown(key.value)
        return record

    def _shown(self, text: str) -> str | int:
        if self.spec.key.type is KeyType.INTEGER:
            with suppress(ValueError):
                return int(text)
        return text

    @property
    def _match(self) -> Pointer:
        return self.lookup.match or Pointer((self.spec.key.name,))

    @cached_property
    def _path(self) -> re.Pattern[str]:
        path = self.base + self.lookup.target.partition("?")[0]
        before, hole, after = path.partition(f"{{{self.spec.key.name}}}")
        return re.compile(re.escape(before) + ("([^/]+)" if hole else "") + re.escape(after))


def books_of(
    specs: tuple[ResourceSpec, ...], base_urls: Mapping[str, str], seed: int
) -> dict[str, DeclaredBook]:
    """Return the resources that are asked for over HTTP, by name; others have no such source."""
    return {
        spec.name: DeclaredBook(
            spec, spec.lookup, urlsplit(base_urls[spec.source]).path.rstrip("/"), seed
        )
        for spec in specs
        if isinstance(spec.lookup, HttpLookup)
    }
