"""Answers with status 200 that break the contract, one way each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around a record: its beginning up to its key, and what ends it."""

    opening: bytes
    closing: bytes


def player_shell(key: str) -> Shell:
    """Return what a list with one player looks like around its other members."""
    return Shell(b'[{"killer_bi_id":' + msgspec.json.encode(key), b"}]")


def vehicle_shell(vin: str) -> Shell:
    """Return what a vehicle looks like around its other members."""
    return Shell(b'{"vin":' + msgspec.json.encode(vin), b"}")


def body_parts(kind: GarbageKind, shell: Shell) -> Iterator[bytes]:
    """
    Return the body, part by part.

    Where the fault is not in the JSON itself, the JSON is whole and has a record in the
    shell, so that only the one rule that is broken can refuse it.
    """
    return _BODIES[kind](shell)


def _invalid_json(shell: Shell) -> Iterator[bytes]:
    yield shell.opening + b',"nick":'


def _invalid_utf8(shell: Shell) -> Iterator[bytes]:
    yield shell.opening + b',"nick":"\xff\xc3("' + shell.closing


def _wrong_shape(_shell: Shell) -> Iterator[bytes]:
    yield b"42"


def _wrong_content_type(_shell: Shell) -> Iterator[bytes]:
    yield b"<!doctype html><title>Maintenance</title><p>Back soon.</p>"


def _oversize(shell: Shell) -> Iterator[bytes]:
    filler = repeat(_CHUNK, OVERSIZE_BYTES // len(_CHUNK))
    return chain([shell.opening + b',"filler":"'], filler, [b'"' + shell.closing])


def _deep_nesting(shell: Shell) -> Iterator[bytes]:
    nest = b"[" * NESTING_LEVELS + b"]" * NESTING_LEVELS
    yield shell.opening + b',"nest":' + nest + shell.closing


_BODIES: Final[dict[GarbageKind, Callable[[Shell], Iterator[bytes]]]] = {
    GarbageKind.INVALID_JSON: _invalid_json,
    GarbageKind.INVALID_UTF8: _invalid_utf8,
    GarbageKind.WRONG_SHAPE: _wrong_shape,
    GarbageKind.WRONG_CONTENT_TYPE: _wrong_content_type,
    GarbageKind.OVERSIZE: _oversize,
    GarbageKind.DEEP_NESTING: _deep_nesting,
}
