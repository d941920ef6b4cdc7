"""Answer with a record: the ordinary way, for every resource."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from plg.application.ports.clock import ClockPort
from plg.application.records.get_record import GetRecord
from plg.domain.errors import NoMatch, PlgError
from plg.domain.identity.access import Caller
from plg.domain.records.entries import Entry
from plg.domain.records.lookups import Outcome
from plg.domain.records.record_keys import RecordKey
from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.caching import request_directives
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.rendering import RecordRenderer

K = TypeVar("K", bound=RecordKey)


@contextmanager
def noting_failures(context: RequestContext) -> Iterator[None]:
    """Note the outcome of a lookup that raises."""
    try:
        yield
    except NoMatch:
        context.outcome = Outcome.NOT_FOUND
        raise
    except PlgError:
        context.outcome = Outcome.FAILED
        raise


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

    def is_at_hand(self, key: K, context: RequestContext) -> bool:
        """Tell whether the answer takes no waiting."""
        if b"cache-control" in context.fields:
            return False
        return self.get.peek(key, self.clock.now()) is not None

    async def __call__(self, key: K, caller: Caller, context: RequestContext) -> Answer:
        """Answer one lookup; the fresh record that is at hand needs no more than a look."""
        if_none_match = context.fields.get(b"if-none-match")
        cache_control = context.fields.get(b"cache-control")
        now = self.clock.now()
        entry = self.get.peek(key, now) if cache_control is None else None
        if entry is not None:
            self.get.note_hit()
            context.outcome = Outcome.HIT
            self._note_content(entry, context)
            return self.render(entry, now, if_none_match)
        with noting_failures(context):
            lookup = await self.get(key, caller, request_directives(cache_control))
        context.outcome = lookup.outcome
        self._note_content(lookup.entry, context)
        return self.render(lookup.entry, self.clock.now(), if_none_match, lookup)

    def _note_content(self, entry: Entry, context: RequestContext) -> None:
        if b"idempotency-key" in context.fields:
            context.content = self.content_of(entry.body)
