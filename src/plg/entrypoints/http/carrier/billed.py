"""Hits that are answered when they are on disk."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from plg.application.ledger.count_free_usage import FreeUsageTally
from plg.domain.errors import PlgError
from plg.domain.identity.access import Caller
from plg.domain.ledger.billed_as import failure_counted_as
from plg.domain.ledger.usage import Charge, Counted
from plg.domain.limits.rates import Decision
from plg.entrypoints.http.carrier.wire import serialize
from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.errors import problem_of
from plg.entrypoints.http.protocol.limits import limit_lines, quotas_of, spent_quota
from plg.entrypoints.http.telemetry import RequestTelemetry

Deliver = Callable[[bytes], None]


@dataclass(slots=True, eq=False)  # one for each billed hit: a frozen one takes three times as long
class BilledHit:
    """
    A hit that waits for the ledger, which calls it with how the account stands then.

    Attributes:
        deliver: Sends what is answered, on the connection that waits for it.
    """

    telemetry: RequestTelemetry
    tally: FreeUsageTally
    method: bytes
    path: str
    answer: Answer
    caller: Caller
    charge: Charge
    decision: Decision
    request_id: bytes
    started: float
    server_lines: bytes
    deliver: Deliver

    def __call__(self, outcome: Counted | PlgError) -> None:
        """Answer with the record, or with why it could not be counted."""
        asked, metered = self.charge.asked, self.charge.metered
        if isinstance(outcome, Counted):
            answer, label = self.answer, "hit"
            answer.lines += limit_lines(
                self.decision, quotas_of(asked.tariff, outcome, asked.resource)
            )
            if outcome.sequence is None:
                self.tally.note(asked.account_id, asked.resource, metered)
        else:
            answer, label = problem_of(outcome, self.request_id), "failed"
            answer.lines += limit_lines(
                self.decision, spent_quota(asked.tariff, outcome, asked.resource)
            )
            self.tally.note(asked.account_id, asked.resource, failure_counted_as(outcome))
        self.deliver(
            serialize(
                answer,
                self.server_lines,
                self.request_id,
                with_body=self.method == b"GET",
                closes=False,
            )
        )
        seconds = perf_counter() - self.started
        self.telemetry.record(
            self.method,
            self.path,
            answer.status,
            label,
            seconds,
            self.request_id,
            self.caller.id,
        )
