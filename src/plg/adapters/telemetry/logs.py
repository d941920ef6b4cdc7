"""structlog for everything that is logged, also by libraries."""

import logging
import sys
from contextlib import suppress
from typing import Any, TextIO

import msgspec
import structlog

_encoder = msgspec.json.Encoder(enc_hook=str)
_tracebacks = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)  # locals hold secrets
)


class _Unfailing:
    """
    A stream on which a line that cannot be written is lost.

    A log on a full disk, or a reader that is gone, must not end what only wanted to say so.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # full, or closed
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):  # full, or closed
            self._stream.flush()


def configure_logging(level: str, style: str) -> None:
    """
    Write log lines to standard error: one JSON object each, or `console` for a person.

    Called once more, it holds for loggers that have written already: none keeps what it first used.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    number = logging.getLevelNamesMapping()[level.upper()]
    renderer: list[structlog.typing.Processor] = (
        [_tracebacks, structlog.processors.JSONRenderer(serializer=_json)]
        if style == "json"
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(_Unfailing(sys.stderr)),  # type: ignore[arg-type]
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    # It warns of every request that cannot be parsed, which has its line and its figure already.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


def _json(value: Any, **_: object) -> str:  # noqa: ANN401 - any event is rendered
    return _encoder.encode(value).decode()
