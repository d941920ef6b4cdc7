"""Bodies without a length for HTTP/1.0, which knows no chunks."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from plg.entrypoints.http.carrier.outbox import GatheringTransport


class UnmeasuredBody:
    """
    Has uvicorn send a body that ends where the connection does (RFC 9112, 6.3).

    One that breaks off resets the connection, or it would seem to be whole.
    """

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self._transport: GatheringTransport = cycle.transport  # type: ignore[assignment]
        cycle.chunked_encoding = False
        cycle.transport = _Unfinished(self._transport)  # type: ignore[assignment]

    def expect(self, message: Any) -> None:  # noqa: ANN401 - ASGI has one type for each message
        """Let the next part pass, which is the last where no more follows."""
        self._cycle.expected_content_length = len(message.get("body", b""))
        if not message.get("more_body", False):
            self._cycle.transport = self._transport


class _Unfinished:
    """The transport, while its end would be too early."""

    def __init__(self, transport: GatheringTransport) -> None:
        self.write = transport.write
        self.is_closing = transport.is_closing
        self.close = transport.reset


def has_length(message: Any) -> bool:  # noqa: ANN401 - as above
    """Tell whether the head of an answer says how long the body is."""
    return any(name.lower() == b"content-length" for name, _ in message["headers"])
