"""A source over HTTP that a test fills, on a port of its own."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.ports import reserved_port


@dataclass
class OwnSource:
    """
    Answers paths with JSON, or with a status where that is a number.

    Attributes:
        asked: The path and the Authorization header of each call.
    """

    port: int
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def own_source() -> Iterator[OwnSource]:
    source = OwnSource(reserved_port())
    server = ThreadingHTTPServer(("127.0.0.1", source.port), _handler(source))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield source
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(source: OwnSource) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            source.asked.append((self.path, self.headers.get("Authorization")))
            answer = source.answers.get(self.path, 404)
            is_status = isinstance(answer, int)
            body = b"" if is_status else json.dumps(answer).encode()
            self.send_response(answer if is_status else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if is_status:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its signature
            pass

    return Handler
