"""One request and what has become of it so far."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from plg.domain.errors import InvalidRequest
from plg.domain.limits.rates import Decision
from plg.entrypoints.http.protocol.answers import API_POLICY, Answer
from plg.entrypoints.http.protocol.fields import collect, common_fields, request_id, split_lines
from plg.entrypoints.http.protocol.limits import Quota, limit_lines
from plg.entrypoints.http.protocol.peers import client_address
from plg.settings.values import Networks

NO_OUTCOME: Final = "none"
BODY_BYTES_MAX: Final = 64 * 1024
WHOLE_ANSWER: Final = "plg.http.answer"
"""An ASGI extension of our own carrier: `answer` and `request_id` in one message, sent at once."""

IS_LOST: Final = "is_lost"
"""In that extension: tells whether the client can get no answer any more."""


class RequestContext:
    """
    What the rooms on a request's way tell each other, and the log at its end.

    Attributes:
        body: What `read` has read.
        is_lost: Tells whether the connection is known to be gone: nothing that is sent arrives.
        decision: About the caller's rate limits; None where none hold.
        quotas: Of the caller's plan, as they stand after the request.
    """

    __slots__ = (
        "_is_read",
        "_send",
        "_takes_whole",
        "_trusted_proxies",
        "body",
        "caller_id",
        "decision",
        "fields",
        "is_answered",
        "is_lost",
        "outcome",
        "peer",
        "quotas",
        "request_id",
        "route",
        "started",
        "status",
    )

    def __init__(self, scope: Scope, send: Send, trusted_proxies: Networks) -> None:
        self.started = perf_counter()
        self.fields = collect(scope["headers"])
        self.request_id = request_id(self.fields.get(b"x-request-id"))
        self.route = "unknown"
        self.caller_id = "-"
        self.outcome: str = NO_OUTCOME
        self.status = 0
        self.is_answered = False
        carrier = scope.get("extensions", {}).get(WHOLE_ANSWER)
        self.is_lost: Callable[[], bool] = carrier[IS_LOST] if carrier else _is_not_known
        self.peer: str = (scope.get("client") or ("", 0))[0]
        self.body = b""
        self.decision: Decision | None = None
        self.quotas: Sequence[Quota] = ()
        self._trusted_proxies = trusted_proxies
        self._is_read = False
        self._send = send
        # CORS adds to the header of an answer as it passes, so it must see an ordinary one.
        self._takes_whole = b"origin" not in self.fields and carrier is not None

    @property
    def address(self) -> str:
        """The client's address; behind trusted proxies the one that they tell."""
        return client_address(self.peer, self.fields, self._trusted_proxies)

    @property
    def limit_lines(self) -> bytes:
        """Header lines that tell a limited caller what is left: rendered once, when it is sent."""
        return b"" if self.decision is None else limit_lines(self.decision, self.quotas)

    async def read(self, receive: Receive) -> bytes:
        """
        Return the whole body, which is read once.

        Raises:
            HTTPException: 413, if it is larger than what any route takes.
            InvalidRequest: If the client goes away before its end.
        """
        chunks, size = [self.body], len(self.body)
        while not self._is_read:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise InvalidRequest("The body ended before it was complete.")
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > BODY_BYTES_MAX:
                raise HTTPException(413)
            self._is_read = not message.get("more_body", False)
        self.body = b"".join(chunks)
        return self.body

    async def reply(self, answer: Answer, send: Send) -> None:
        """Send an answer, at once where the server can."""
        if limits := self.limit_lines:
            answer = answer.with_lines(limits)
        if self._takes_whole:
            self.is_answered = True
            self.status = answer.status
            await self._send(
                {"type": WHOLE_ANSWER, "answer": answer, "request_id": self.request_id}
            )
            return
        headers = split_lines(answer.lines)
        headers.append((b"content-security-policy", answer.policy))
        if answer.closes:
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def send(self, message: Message) -> None:
        """Send an ASGI message on, with the fields that every answer carries."""
        if message["type"] == "http.response.start":
            self.is_answered = True
            self.status = message["status"]
            headers = [*message["headers"], *common_fields(self.request_id)]
            if not any(name == b"content-security-policy" for name, _ in headers):
                headers.append((b"content-security-policy", API_POLICY))
            message = {**message, "headers": headers}
        await self._send(message)


def _is_not_known() -> bool:
    return False
