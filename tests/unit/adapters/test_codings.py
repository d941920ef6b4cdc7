"""Compressed bodies of a source."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.adapters.upstream.codings import BODY_BYTES_MAX, MEMBERS_MAX, decoded
from plg.domain.errors import SourceBroken, SourceFault

TEXT = b'{"killer_bi_id":"KB-000001"}'
AT_THE_BOUND = b" " * BODY_BYTES_MAX


def compressed(body: bytes) -> bytes:
    """Return gzip without the time, so that each process has the same names of cases."""
    return gzip.compress(body, mtime=0)


def bare_deflate(body: bytes) -> bytes:
    coder = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return coder.compress(body) + coder.flush()


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=5), st.integers(0, 9))
def test_all_members_of_gzip_are_read(members: list[bytes], zeros: int) -> None:
    body = b"".join(compressed(member) for member in members) + bytes(zeros)

    assert decoded(body, "gzip") == b"".join(members)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("gzip", compressed(TEXT)),
        ("x-gzip", compressed(TEXT)),
        ("GZip", compressed(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", bare_deflate(TEXT)),
        ("identity", TEXT),
        ("utf-8", TEXT),
        ("", TEXT),
        ("deflate, gzip", compressed(zlib.compress(TEXT))),
        ("identity , gzip", compressed(TEXT)),
    ],
)
def test_what_is_offered_is_read(name: str, body: bytes) -> None:
    assert decoded(body, name) == TEXT


def test_an_empty_body_stays_empty() -> None:
    assert decoded(b"", "gzip") == b""


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("gzip", b"no gzip"),
        ("gzip", compressed(TEXT)[:-1]),
        ("gzip", compressed(TEXT) + b"more"),
        ("gzip", compressed(TEXT) + compressed(TEXT)[:-9]),
        ("gzip", compressed(b"") * (MEMBERS_MAX + 1)),
        ("deflate", zlib.compress(TEXT)[:-5]),
        ("deflate", b"\xff\xff"),
        ("gzip, gzip, gzip, gzip, gzip", TEXT),
    ],
)
def test_what_cannot_be_decoded_breaks_the_contract(name: str, body: bytes) -> None:
    with pytest.raises(SourceBroken) as caught:
        decoded(body, name)

    assert caught.value.fault is SourceFault.CONTENT


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("gzip", compressed(AT_THE_BOUND)),
        ("gzip", compressed(AT_THE_BOUND[:-1]) + compressed(b" ")),
        ("deflate", zlib.compress(AT_THE_BOUND)),
    ],
)
def test_a_body_at_the_bound_is_read(name: str, body: bytes) -> None:
    assert decoded(body, name) == AT_THE_BOUND


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("gzip", compressed(AT_THE_BOUND + b" ")),
        ("gzip", compressed(AT_THE_BOUND) + compressed(b" ")),
        ("gzip, gzip", compressed(compressed(AT_THE_BOUND * 2))),
        ("deflate", zlib.compress(AT_THE_BOUND + b" ")),
        ("deflate", bare_deflate(AT_THE_BOUND + b" ")),
    ],
)
def test_a_byte_past_the_bound_is_not(name: str, body: bytes) -> None:
    with pytest.raises(SourceBroken) as caught:
        decoded(body, name)

    assert caught.value.fault is SourceFault.SIZE
