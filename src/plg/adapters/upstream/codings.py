"""What compressed bodies of a source say, within bounds."""

import zlib
from collections.abc import Callable, Mapping
from typing import Final

from plg.domain.errors import SourceBroken, SourceFault

BODY_BYTES_MAX: Final = 5 * 1024 * 1024
OFFERED: Final = "gzip, deflate"
CODINGS_MAX: Final = 4
MEMBERS_MAX: Final = 128
"""More than blocked gzip (BGZF, 64 KiB each) needs for a body at the bound."""

_GZIP_BITS: Final = zlib.MAX_WBITS | 16


def too_large() -> SourceBroken:
    """Return the failure of a body past the bound."""
    return SourceBroken(SourceFault.SIZE, f"the body is larger than {BODY_BYTES_MAX} bytes")


def decoded(body: bytes, content_encoding: str) -> bytes:
    """
    Return the body without its content codings, the last that was applied first (RFC 9110, 8.4).

    Names that are not known are passed over: some servers write what is no coding of the body
    (`utf-8`, `aws-chunked`), and a body that is really coded is no JSON.

    Raises:
        SourceBroken: If it cannot be decoded, or is larger than 5 MiB at any step.
    """
    names = content_encoding.lower().split(",")
    if len(names) > CODINGS_MAX:
        raise SourceBroken(SourceFault.CONTENT, "the body has too many encodings")
    for name in reversed(names):
        decode = _DECODERS.get(name.strip())
        if decode is not None and body:
            try:
                body = decode(body)
            except zlib.error as error:
                raise SourceBroken(SourceFault.CONTENT, "the body's encoding is broken") from error
    return body


def _gunzip(body: bytes) -> bytes:
    """Decode all members (RFC 1952, 2.2), and pass over zeros that fill up the end."""
    parts, room = [], BODY_BYTES_MAX
    for _ in range(MEMBERS_MAX):
        part, body = _inflate(body, _GZIP_BITS, room)
        parts.append(part)
        room -= len(part)
        body = body.lstrip(b"\0")
        if not body:
            return b"".join(parts)
    raise zlib.error("too many members")


def _undeflate(body: bytes) -> bytes:
    """Decode `deflate`, also without the zlib wrapper that some leave out (RFC 9110, 8.4.1.2)."""
    try:
        return _inflate(body, zlib.MAX_WBITS, BODY_BYTES_MAX)[0]
    except zlib.error:
        return _inflate(body, -zlib.MAX_WBITS, BODY_BYTES_MAX)[0]


def _inflate(body: bytes, bits: int, room: int) -> tuple[bytes, bytes]:
    """Return what one stream says, and what follows it."""
    decoder = zlib.decompressobj(bits)
    part = decoder.decompress(body, room + 1)
    if len(part) > room:
        raise too_large()
    if not decoder.eof:
        raise zlib.error("ends too early")
    return part, decoder.unused_data


_DECODERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
}
