"""Answer with a record: the ordinary way, for every resource."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from plg.application.ports.clock import ClockPort
from plg.application.records.get_record import GetRecord
from plg.domain.identity.access import Caller
from plg.domain.records.entries import Entry
from plg.domain.records.lookups import Outcome
from plg.domain.records.record_keys import RecordKey
from plg.entrypoints.http.gate.records import Rendered
from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.caching import request_directives
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.rendering import RecordRenderer

K = TypeVar("K", bound=RecordKey)
CREDENTIAL_PROBLEMS: Final = (
    "invalid_request",
    "invalid_parameter",
    "missing_credential",
    "invalid_credential",
    "insufficient_scope",
)
SOURCE_PROBLEMS: Final = (
    "not_cached",
    "source_failed",
    "source_broken",
    "source_timeout",
    "source_unavailable",
    "source_busy",
)


def whole(body: bytes) -> bytes:
    """Return what a body says, where that is all of it."""
    return body


@dataclass(frozen=True, slots=True)
class ShowRecord(Generic[K]):
    """
    Looks up and renders.

    Attributes:
        content_of: What a body says of the record, without when it was fetched.
    """

    get: GetRecord[K, Any]
    render: RecordRenderer
    clock: ClockPort
    content_of: Callable[[bytes], bytes] = whole

    def peek(self, key: K, context: RequestContext) -> Entry | None:
        """Return the fresh entry in memory, which answers who sets no rules without waiting."""
        if b"cache-control" in context.fields:
            return None
        return self.get.records.peek(key, self.clock.now())

    async def __call__(
        self, key: K, caller: Caller, context: RequestContext, at_hand: Entry | None = None
    ) -> Rendered:
        """Answer one lookup, with what `peek` returned where it returned an entry."""
        if_none_match = context.fields.get(b"if-none-match")
        if at_hand is not None:
            self.get.records.note_hit()
            answer = self.render(at_hand, self.clock.now(), if_none_match)
            return self._rendered(answer, Outcome.HIT, at_hand, context)
        directives = request_directives(context.fields.get(b"cache-control"))
        lookup = await self.get(key, caller, directives)
        answer = self.render(lookup.entry, self.clock.now(), if_none_match, lookup)
        return self._rendered(answer, lookup.outcome, lookup.entry, context)

    def _rendered(
        self, answer: Answer, outcome: Outcome, entry: Entry, context: RequestContext
    ) -> Rendered:
        is_compared = b"idempotency-key" in context.fields
        content = self.content_of(entry.body) if is_compared else None
        return Rendered(answer, outcome, entry.etag, content)
