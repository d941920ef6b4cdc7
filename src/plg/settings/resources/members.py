"""Members of a resource's table, each as a value that cannot be wrong."""

import re
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from msgspec import UNSET, UnsetType

from plg.domain.records.declared.keys import KeyRule
from plg.domain.records.declared.paths import RecordPath
from plg.domain.records.declared.patterns import pattern_of
from plg.domain.records.declared.pointers import Pointer
from plg.domain.records.declared.resources import FileLookup, HttpLookup, Lookup, SqlLookup
from plg.settings.resources.catalogue import HttpSource, Source, SqlSource
from plg.settings.resources.tables import KeyTable, Mistake, ResourceTable, checked

PATHS_MAX: Final = 10
QUERY_LENGTH_MAX: Final = 4000
_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_TARGET: Final = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/?{}-]*")


def paths_of(name: str, given: ResourceTable) -> tuple[RecordPath, ...]:
    if given.path is UNSET:
        texts = [f"/api/v1/{name}/{{{_named_key(given)}}}"]
    else:
        texts = [given.path] if isinstance(given.path, str) else list(given.path)
    if not 0 < len(texts) <= PATHS_MAX:
        raise Mistake(f"path must be one path, or a list of at most {PATHS_MAX}")
    return tuple(checked("path", partial(RecordPath.parse, text)) for text in texts)


def _named_key(given: ResourceTable) -> str:
    holes = _HOLE.findall(given.get) if isinstance(given.get, str) else []
    return holes[0] if len(holes) == 1 else "key"


def key_of(name: str, table: KeyTable) -> KeyRule:
    pattern = table.pattern
    compiled = None if pattern is None else checked("key.pattern", lambda: pattern_of(pattern))
    example = None if table.example is None else str(table.example)
    return checked("key.example", lambda: KeyRule(name, table.type, table.fold, compiled, example))


def lookup_of(source: Source, given: ResourceTable, key: KeyRule) -> Lookup:
    match source:
        case HttpSource():
            _needs(given, "get", "record", "match")
            return HttpLookup(_target(given.get, key.name), _record(given), _match(given))
        case SqlSource():
            _needs(given, "query", "match")
            match_ = key.name if given.match is UNSET else str(given.match)
            return SqlLookup(_query(given.query, key.name), match_.removeprefix("/"))
        case _:
            _needs(given, "match")
            pointer = _match(given)
            if pointer is None:
                raise Mistake("match is needed: the member of a record that equals the key")
            return FileLookup(pointer)


def _needs(given: ResourceTable, *members: str) -> None:
    for member in ("get", "query", "record", "match"):
        if member not in members and getattr(given, member) is not UNSET:
            raise Mistake(f"{member} does not go with this kind of source")


def _target(text: str | UnsetType, name: str) -> str:
    if not isinstance(text, str) or _TARGET.fullmatch(text) is None:
        raise Mistake(f"get must be a path below the source's address, such as /items/{{{name}}}")
    if _HOLE.findall(text) != [name] or ".." in urlsplit(text).path.split("/"):
        raise Mistake(f"get must hold the key once, as {{{name}}}")
    return text


def _query(text: str | UnsetType, name: str) -> str:
    if not isinstance(text, str) or not 0 < len(text) <= QUERY_LENGTH_MAX:
        raise Mistake(f"query must be a SELECT that holds the key as :{name}")
    parameters = set(re.findall(r"(?<![:\w\\]):([A-Za-z_]\w*)", text))
    if parameters != {name}:
        raise Mistake(f"query must hold the key as :{name}, and no other parameter")
    return text


def _record(given: ResourceTable) -> Pointer:
    if given.record is UNSET:
        return Pointer()
    return checked("record", lambda: Pointer.parse(str(given.record)))


def _match(given: ResourceTable) -> Pointer | None:
    if given.match is UNSET:
        return None
    return checked("match", lambda: Pointer.parse(str(given.match)))
