"""Answers with status 200 that break the contract, one way each."""

from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Final

import msgspec

from plg.entrypoints.simulator.answers import JSON
from plg.entrypoints.simulator.faults import GarbageKind

OVERSIZE_BYTES: Final = 6 * 1024 * 1024
NESTING_LEVELS: Final = 1000
_CHUNK: Final = b"x" * 65536


def content_type(kind: GarbageKind) -> bytes:
    """Return the content type that garbage of `kind` claims."""
    return b"text/html" if kind is GarbageKind.WRONG_CONTENT_TYPE else JSON


def body_parts(kind: GarbageKind, key: str) -> Iterator[bytes]:
    """
    Return the body, part by part.

    Where the fault is not in the JSON itself, the JSON is whole and has a record for
    `key`, so that only the one rule that is broken can refuse it.
    """
    return _BODIES[kind](_opening(key))


def _opening(key: str) -> bytes:
    return b'[{"killer_bi_id":' + msgspec.json.encode(key)


def _invalid_json(opening: bytes) -> Iterator[bytes]:
    yield opening + b',"nick":'


def _invalid_utf8(opening: bytes) -> Iterator[bytes]:
    yield opening + b',"nick":"\xff\xc3("}]'


def _wrong_shape(_opening: bytes) -> Iterator[bytes]:
    yield b"42"


def _wrong_content_type(_opening: bytes) -> Iterator[bytes]:
    yield b"<!doctype html><title>Maintenance</title><p>Back soon.</p>"


def _oversize(opening: bytes) -> Iterator[bytes]:
    filler = repeat(_CHUNK, OVERSIZE_BYTES // len(_CHUNK))
    return chain([opening + b',"filler":"'], filler, [b'"}]'])


def _deep_nesting(opening: bytes) -> Iterator[bytes]:
    yield opening + b',"nest":' + b"[" * NESTING_LEVELS + b"]" * NESTING_LEVELS + b"}]"


_BODIES: Final[dict[GarbageKind, Callable[[bytes], Iterator[bytes]]]] = {
    GarbageKind.INVALID_JSON: _invalid_json,
    GarbageKind.INVALID_UTF8: _invalid_utf8,
    GarbageKind.WRONG_SHAPE: _wrong_shape,
    GarbageKind.WRONG_CONTENT_TYPE: _wrong_content_type,
    GarbageKind.OVERSIZE: _oversize,
    GarbageKind.DEEP_NESTING: _deep_nesting,
}
