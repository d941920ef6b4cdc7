"""Routes of records: behind the gate, answered from memory where they may be, and billed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, TypeVar

from starlette.types import Receive, Scope, Send

from plg.application.ledger.meter_answers import Made, asked_of
from plg.domain.errors import NoMatch, PlgError
from plg.domain.identity.access import Caller
from plg.domain.ledger.billed_as import billed_as
from plg.domain.plans.plans import Metered
from plg.domain.records.entries import Entry
from plg.domain.records.lookups import Outcome
from plg.domain.records.meter_rules import MeterRule
from plg.domain.records.record_keys import RecordKey
from plg.domain.records.vehicles import Vin
from plg.entrypoints.http.gate.gate import BehindGate
from plg.entrypoints.http.gate.idempotency_keys import idempotency_key
from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.limits import quotas_of, spent_quota

Q = TypeVar("Q")
K = TypeVar("K", bound=RecordKey)
_NOT_MODIFIED: Final = 304
_DIGEST_BYTES: Final = 16


@dataclass(slots=True)
class Rendered:
    """
    What a handler of records made.

    Attributes:
        outcome: Of the lookup.
        etag: Of the record, as the answer has it.
        content: What the record says without when it was fetched, where the ETag also tells
            that; None where it does not, or where no repeat has to be known again.
    """

    answer: Answer
    outcome: Outcome
    etag: bytes
    content: bytes | None = None

    @property
    def version(self) -> str:
        """
        What a repeat of the request is compared by.

        A record that was lost in a kill, or that two processes fetched, has another ETag though
        it says the same: where that tells when it was fetched, it is not another answer.
        """
        if self.content is not None:
            return blake2b(self.content, digest_size=_DIGEST_BYTES).hexdigest()
        return self.etag.decode("latin-1")


Show = Callable[[Q, Caller, RequestContext, Entry | None], Awaitable[Rendered]]
Peek = Callable[[Q, RequestContext], Entry | None]


def confirms(answer: Answer, if_none_match: bytes | None) -> bool:
    """Tell whether an answer is a 304 that only confirms a version that the client named."""
    return answer.status == _NOT_MODIFIED and if_none_match != b"*"


def never_at_hand(_query: Any, _context: RequestContext) -> None:  # noqa: ANN401 - of any route
    """Every answer takes waiting."""


def itself(key: K) -> K:
    """Return the query, where it is no more than the key."""
    return key


@dataclass(frozen=True, slots=True)
class GuardedRecord(BehindGate[Q]):
    """
    A route of records behind the gate, as an ASGI app.

    Attributes:
        show: Makes the answer, of the entry that `peek` found where it found one.
        rule: How answers are counted.
        key_of: The record that a query asks for.
        peek: Looks, once a request, for the fresh entry in memory that answers without waiting.
        vehicle_of: Tells which vehicle a query is about, which the caller's account must have.
    """

    show: Show[Q]
    rule: MeterRule
    key_of: Callable[[Q], RecordKey]
    peek: Peek[Q] = never_at_hand
    vehicle_of: Callable[[Q], Vin] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check in the order that `gate.gate` states, then answer and bill."""
        context: RequestContext = scope["plg.exchange"]
        caller = await self.gate(scope, receive, context, self.access)
        query = self.parse(scope)
        if caller.is_bound and self.vehicle_of is not None:
            await self.gate.entitle(caller, self.vehicle_of(query))
        answer = await self._metered(query, caller, context)
        await context.reply(answer, send)

    async def _metered(self, query: Q, caller: Caller, context: RequestContext) -> Answer:
        meter, tariff = self.gate.meter_answers, caller.tariff
        given = context.fields.get(b"idempotency-key")
        repeat_key = None if given is None else idempotency_key(given)
        entry = self.peek(query, context)

        async def make() -> Made[Answer]:
            try:
                rendered = await self.show(query, caller, context, entry)
            except PlgError as error:
                context.outcome = _outcome_of(error)
                raise
            context.outcome = rendered.outcome
            version = None if repeat_key is None else rendered.version
            return Made(rendered.answer, _metered_as(rendered, context), version)

        if tariff is None or self.rule.is_free:
            return await meter.free(self.rule, caller, make)
        now = meter.clock.now()
        asked = asked_of(self.rule, self.key_of(query), caller, context.request_id, now, repeat_key)
        try:
            answer, counted = await meter(
                asked, make, context.is_lost, is_at_hand=entry is not None
            )
        except PlgError as error:
            context.quotas = spent_quota(tariff, error, self.rule.resource)
            raise
        context.quotas = quotas_of(tariff, counted, self.rule.resource)
        return answer


def _metered_as(rendered: Rendered, context: RequestContext) -> Metered:
    confirmed = confirms(rendered.answer, context.fields.get(b"if-none-match"))
    return billed_as(rendered.outcome, confirms=confirmed)


def _outcome_of(error: PlgError) -> Outcome:
    return Outcome.NOT_FOUND if isinstance(error, NoMatch) else Outcome.FAILED
