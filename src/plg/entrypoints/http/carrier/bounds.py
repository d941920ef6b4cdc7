"""What a connection may cost."""

from dataclasses import dataclass
from typing import Final

URL_BYTES_MAX: Final = 8 * 1024
HEADER_FIELDS_MAX: Final = 100
HEADER_BYTES_MAX: Final = 32 * 1024
HEAD_BYTES_MAX: Final = URL_BYTES_MAX + HEADER_BYTES_MAX + 4 * HEADER_FIELDS_MAX
BODY_WIRE_BYTES_MAX: Final = 128 * 1024
"""A body of the largest size in chunks of a sensible size, and its trailers."""
FEED_BYTES: Final = 4 * 1024
"""The parser is given so much at once: of requests that wait their turn, no more are parsed."""
WRITE_STALL_SECONDS: Final = 30.0
LAST_REQUEST_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """
    The operator's bounds.

    Attributes:
        connections_max: Open connections of one process; a further one gets a 503.
        request_seconds: From a request's first byte to its last.
        keep_alive_seconds: Between an answer and the next request.
        write_stall_seconds: Without the client reading what waits for it.
        last_request_seconds: At a stop, until who has connected has sent a whole request.
    """

    connections_max: int
    request_seconds: float
    keep_alive_seconds: float
    write_stall_seconds: float = WRITE_STALL_SECONDS
    last_request_seconds: float = LAST_REQUEST_SECONDS
