"""The trace that a lookup belongs to (W3C Trace Context), carried along to the source."""

from contextvars import ContextVar

current_traceparent: ContextVar[str | None] = ContextVar("current_traceparent", default=None)
