"""uvicorn's own protocol, with bounds on what it reads and problems where it refuses."""

import asyncio
from typing import Any, Protocol

from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from plg.entrypoints.http.carrier.bounds import (
    BODY_WIRE_BYTES_MAX,
    HEAD_BYTES_MAX,
    URL_BYTES_MAX,
)
from plg.entrypoints.http.carrier.requests import Fault, Head
from plg.entrypoints.http.carrier.unmeasured import UnmeasuredBody, has_length
from plg.entrypoints.http.carrier.wire import serialize
from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.context import IS_LOST, WHOLE_ANSWER

_nobody: set[Any] = set()  # the wrapper alone stands among the server's connections


class Owner(Protocol):
    """The connection, as far as this protocol may call on it."""

    @property
    def server_lines(self) -> bytes:
        """The header lines of the server itself."""

    def answered(self) -> None:
        """A request has its answer, or the whole body that belonged to an answered one."""

    def refuse(self, fault: Fault) -> None:
        """Answer with a problem, and close."""

    def close(self) -> None:
        """Close, once the client has what was sent."""


class _Sender:
    """Sends a whole answer in one piece, and leaves everything else to uvicorn."""

    __slots__ = ("_body", "_cycle", "_owner", "_send")

    def __init__(self, cycle: RequestResponseCycle, owner: Owner) -> None:
        self._cycle = cycle
        self._owner = owner
        self._send = cycle.send
        self._body: UnmeasuredBody | None = None

    async def send(self, message: Any) -> None:  # noqa: ANN401 - ASGI has one type for each message
        if message["type"] != WHOLE_ANSWER:
            if self._cycle.scope["http_version"] == "1.0":
                self._end_without_chunks(message)
            await self._send(message)
            return
        cycle = self._cycle
        if cycle.flow.write_paused and not cycle.disconnected:
            await cycle.flow.drain()
        if cycle.disconnected:
            return
        answer: Answer = message["answer"]
        cycle.keep_alive = cycle.keep_alive and not answer.closes
        with_body = cycle.scope["method"] != "HEAD"
        wire = serialize(
            answer,
            self._owner.server_lines,
            message["request_id"],
            with_body=with_body,
            closes=not cycle.keep_alive,
        )
        cycle.response_started = cycle.response_complete = True
        cycle.transport.write(wire)
        cycle.message_event.set()
        if not cycle.keep_alive:
            self._owner.close()
        cycle.on_response()

    def _end_without_chunks(self, message: Any) -> None:  # noqa: ANN401 - as above
        if self._body is not None:
            self._body.expect(message)
        elif message["type"] == "http.response.start" and not has_length(message):
            self._body = UnmeasuredBody(self._cycle)


class _Refused(Exception):
    """Stops the parser; the fault is in the protocol."""


class OrdinaryProtocol(HttpToolsProtocol):
    """
    Parses requests and runs the app for them, one after the other.

    It counts heads, messages and answers, so that its owner knows whether it is in the middle
    of something. A request that cannot be parsed is refused after the answers before it.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop,
        owner: Owner,
    ) -> None:
        super().__init__(config, server_state, app_state, loop)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True, lenient_version=True)
        self.connections = _nobody
        self._owner = owner
        self._begun = self._heads = self._arrived = self._answered = 0
        self._part_bytes = 0
        self._fault: Fault | None = None
        self._is_deaf = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._extensions: dict[str, dict[object, object]] = {
            WHOLE_ANSWER: {IS_LOST: transport.is_closing}
        }

    @property
    def begun(self) -> int:
        """How many requests have begun to arrive."""
        return self._begun

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is under way: no part of a request, no answer to come."""
        return self._begun == self._arrived == self._answered

    @property
    def is_receiving(self) -> bool:
        """Tell whether a part of a request is there, and more of it is to come."""
        return self._begun > self._arrived

    @property
    def is_in_head(self) -> bool:
        """Tell whether the part that is there is no whole head."""
        return self._begun > self._heads

    @property
    def is_answering(self) -> bool:
        """Tell whether an answer is to come."""
        return self._heads > self._answered

    @property
    def is_queueing(self) -> bool:
        """Tell whether a request waits until the one before it is answered."""
        return bool(self.pipeline)

    def data_received(self, data: bytes) -> None:
        if self._is_deaf:
            return
        progress = self._begun + self._heads
        super().data_received(data)
        if self.is_receiving and not self._is_deaf:
            # The parser tells of a field, and of chunks, when they are over: count what arrives.
            is_same_part = progress == self._begun + self._heads
            self._part_bytes = self._part_bytes + len(data) if is_same_part else 0
            if self._part_bytes > self._part_bytes_max:
                self.give_up("headers_too_large")

    def give_up(self, code: str) -> None:
        """Read no more of the request that arrives; a head is refused, a body has its answer."""
        self._fault = self._fault or Fault(code)
        self.send_400_response("")

    def on_message_begin(self) -> None:
        self._begun += 1
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > URL_BYTES_MAX:
            self._stop(Fault("uri_too_long"))

    def on_headers_complete(self) -> None:
        parser = self.parser
        head = Head.of(parser.get_method(), self.url, parser.get_http_version(), self.headers)
        fault = head.fault()
        if fault is not None:
            self._stop(fault)
        if self.url[:1] != b"/":
            self.url = head.origin_form
        self.expect_100_continue = b"expect" in head.obeyed and head.expects_continue
        super().on_headers_complete()
        self._heads += 1
        self.headers = []  # for trailers, which are no headers (RFC 9110, 6.5.1)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        cycle.scope["extensions"] = self._extensions
        cycle.send = _Sender(cycle, self._owner).send  # type: ignore[method-assign]
        super()._start_asgi_task(cycle, app)

    def on_message_complete(self) -> None:
        self._arrived += 1
        super().on_message_complete()
        if self.is_idle:
            self._owner.answered()

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        self._answered += 1
        if self.transport.is_closing():
            return
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._fault is not None:
            self._owner.refuse(self._fault)
            return
        if not self.pipeline:
            self.flow.resume_reading()
            self._owner.answered()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's signature
        """Refuse, once the answers that are under way have gone out."""
        self._is_deaf = True
        if self._heads > self._arrived:
            self._end_after_answer()  # broken in its body: its own answer says enough
            return
        is_http_2 = self.parser.get_method() == b"PRI"  # so it begins (RFC 9113, 3.4)
        code = "version_not_supported" if is_http_2 else "invalid_request"
        self._fault = self._fault or Fault(code)
        if not self.is_answering:
            self._owner.refuse(self._fault)

    def _unsupported_upgrade_warning(self) -> None:
        self._is_deaf = True  # what follows is not HTTP any more, as far as the parser knows
        self._end_after_answer()

    @property
    def _part_bytes_max(self) -> int:
        return HEAD_BYTES_MAX if self.is_in_head else BODY_WIRE_BYTES_MAX

    def _end_after_answer(self) -> None:
        if self.cycle.response_complete:
            self._owner.close()
        else:
            self.cycle.keep_alive = False

    def _stop(self, fault: Fault) -> None:
        self._fault = fault
        raise _Refused(fault.code)
