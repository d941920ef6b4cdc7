"""One request and what has become of it so far."""

from time import perf_counter
from typing import Final

from starlette.types import Message, Scope, Send

from plg.entrypoints.http.answers import API_POLICY, Answer
from plg.entrypoints.http.fields import collect, common_fields, request_id, split_lines

NO_OUTCOME: Final = "none"
WHOLE_ANSWER: Final = "plg.http.answer"
"""An ASGI extension of our own carrier: `answer` and `request_id` in one message, sent at once."""


class Exchange:
    """What the rooms on a request's way tell each other, and the log at its end."""

    __slots__ = (
        "_send",
        "_takes_whole",
        "caller_id",
        "fields",
        "is_answered",
        "outcome",
        "request_id",
        "route",
        "started",
        "status",
    )

    def __init__(self, scope: Scope, send: Send) -> None:
        self.started = perf_counter()
        self.fields = collect(scope["headers"])
        self.request_id = request_id(self.fields.get(b"x-request-id"))
        self.route = "unknown"
        self.caller_id = "-"
        self.outcome: str = NO_OUTCOME
        self.status = 0
        self.is_answered = False
        self._send = send
        # CORS adds to the header of an answer as it passes, so it must see an ordinary one.
        self._takes_whole = b"origin" not in self.fields and WHOLE_ANSWER in scope.get(
            "extensions", ()
        )

    async def reply(self, answer: Answer, send: Send) -> None:
        """Send an answer, at once where the server can."""
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
