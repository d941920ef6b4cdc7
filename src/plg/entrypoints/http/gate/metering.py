"""What stands between an answer and its first byte: that it is counted."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, Generic, TypeVar

from plg.application.ledger.count_free_usage import FreeUsageTally
from plg.application.ledger.count_usage import CountUsage
from plg.application.ports.clock import ClockPort
from plg.domain.errors import InvalidParameter, NoMatch, PlgError, QuotaExceeded
from plg.domain.identity.access import Caller
from plg.domain.ids import new_id
from plg.domain.ledger.free_usage import FAILED, REFUSED
from plg.domain.ledger.usage import Asked, Charge, Counted, Release, Reserve, Settle
from plg.domain.plans.plans import Metered
from plg.domain.plans.tariffs import Tariff
from plg.domain.records.lookups import Outcome
from plg.domain.records.record_keys import RecordKey
from plg.entrypoints.http.gate.limits import Quota, limit_lines
from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.context import RequestContext

Q = TypeVar("Q")
K = TypeVar("K", bound=RecordKey)
DAILY: Final = "daily"
VINS: Final = "vins"
_ETAG: Final = b"etag: "
_IDEMPOTENCY_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_NOT_MODIFIED: Final = 304
_METERED: Final = {each.value: Metered.of(each) for each in Outcome if each is not Outcome.FAILED}
_DIGEST_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Meter(Generic[Q]):
    """
    How the answers of a route are counted.

    Attributes:
        resource: The kind of record, as usage records name it.
        key_of: The record that a query asks for.
        is_vehicle: Whether the key is a vehicle's, of which distinct ones are counted.
        is_at_hand: Whether the answer takes no waiting, so that it is reserved and settled in one.
        is_free: Whether nobody pays: answers are counted, in no quota.
    """

    resource: str
    key_of: Callable[[Q], RecordKey]
    is_at_hand: Callable[[Q, RequestContext], bool]
    is_vehicle: bool = False
    is_free: bool = False


def never_at_hand(_query: Any, _context: RequestContext) -> bool:  # noqa: ANN401 - of any route
    """Every answer takes waiting."""
    return False


def itself(key: K) -> K:
    """Return the query, where it is no more than the key."""
    return key


def metered_as(outcome: str, status: int, if_none_match: bytes | None) -> Metered:
    """Return what an answer is billed as: a 304 to `*` has told as much as the record."""
    if status == _NOT_MODIFIED and if_none_match != b"*":
        return Metered.NOT_MODIFIED
    return _METERED[outcome]


def asked_of(
    meter: Meter[Any],
    key: RecordKey,
    caller: Caller,
    request_id: bytes,
    now: float,
    idempotency_key: str | None = None,
) -> Asked:
    """
    Return what is asked for, by a caller who pays, under the terms of now.

    Raises:
        ValueError: If nothing is billed to the caller.
    """
    if caller.tariff is None or caller.account_id is None:
        raise ValueError("nothing is billed to this caller")
    return Asked(
        new_id(now),
        caller.account_id,
        caller.key_id,
        meter.resource,
        key.value,
        key.value if meter.is_vehicle else None,
        now,
        request_id.decode(),
        caller.tariff,
        idempotency_key,
    )


def idempotency_key(given: bytes) -> str:
    """
    Read an `Idempotency-Key`.

    Raises:
        InvalidParameter: If it is empty, too long, or not visible ASCII.
    """
    text = given.decode("latin-1")
    if _IDEMPOTENCY_KEY.fullmatch(text) is None:
        raise InvalidParameter(
            "Idempotency-Key", "Idempotency-Key must be 1 to 255 visible ASCII characters."
        )
    return text


def quotas_of(tariff: Tariff, counted: Counted) -> list[Quota]:
    """Return the daily quotas that the plan has."""
    quotas = []
    reset = counted.reset_seconds
    if tariff.requests_per_day is not None and counted.left_today is not None:
        quotas.append(Quota(DAILY, tariff.requests_per_day, counted.left_today, reset))
    if tariff.vins_per_day is not None and counted.vins_left_today is not None:
        quotas.append(Quota(VINS, tariff.vins_per_day, counted.vins_left_today, reset))
    return quotas


def spent_quota(tariff: Tariff, error: PlgError) -> list[Quota]:
    """Return the quota that a failure speaks of; nothing where it speaks of none."""
    if not isinstance(error, QuotaExceeded):
        return []
    limits = {DAILY: tariff.requests_per_day, VINS: tariff.vins_per_day}
    limit = limits.get(error.policy)
    return [] if limit is None else [Quota(error.policy, limit, 0, error.retry_after)]


def unbilled_as(error: PlgError) -> str:
    """Return what a failure counts as: none has a usage record of its own."""
    if isinstance(error, QuotaExceeded):
        return REFUSED
    return Metered.NOT_FOUND.value if isinstance(error, NoMatch) else FAILED


@dataclass(frozen=True, slots=True)
class Metering:
    """
    Counts the answers of billed callers, each before it is given.

    Attributes:
        tally: Counts those that nobody pays for.
        reserve_seconds: How long a unit is kept for an answer that takes a while.
    """

    count: CountUsage
    clock: ClockPort
    reserve_seconds: float
    tally: FreeUsageTally

    async def answer(
        self,
        meter: Meter[Q],
        query: Q,
        caller: Caller,
        context: RequestContext,
        handle: Callable[[Q, Caller, RequestContext], Awaitable[Answer]],
    ) -> Answer:
        """
        Return what `handle` makes of the query, once that is on disk.

        Raises:
            QuotaExceeded: If the account has used up what it may; then `handle` was not asked
                for what takes a call to the source.
            LedgerUnavailable: If it cannot be counted in time.
        """
        asked = asked_of(
            meter,
            meter.key_of(query),
            caller,
            context.request_id,
            self.clock.now(),
            _repeat_key(context),
        )
        tariff = asked.tariff
        try:
            if meter.is_at_hand(query, context):
                answer = await handle(query, caller, context)
                counted = await self.count(Charge(asked, *_told_by(answer, context)))
            else:
                answer, counted = await self._reserved(
                    asked, lambda: handle(query, caller, context), context
                )
        except PlgError as error:
            _tell(context, spent_quota(tariff, error))
            if not isinstance(error, NoMatch):
                self._note(asked, unbilled_as(error))
            raise
        if counted.sequence is None:
            self._note(asked, _metered(answer, context))
        _tell(context, quotas_of(tariff, counted))
        return answer

    async def free(
        self,
        meter: Meter[Q],
        query: Q,
        caller: Caller,
        context: RequestContext,
        handle: Callable[[Q, Caller, RequestContext], Awaitable[Answer]],
    ) -> Answer:
        """
        Return what `handle` makes of the query of a caller who pays nothing.

        An `Idempotency-Key` changes nothing, but what cannot be one is refused as for others.
        """
        _repeat_key(context)
        account_id = caller.account_id or caller.id
        try:
            answer = await handle(query, caller, context)
        except PlgError as error:
            self.tally.note(account_id, meter.resource, unbilled_as(error))
            raise
        self.tally.note(account_id, meter.resource, _metered(answer, context))
        return answer

    async def _reserved(
        self, asked: Asked, answered: Callable[[], Awaitable[Answer]], context: RequestContext
    ) -> tuple[Answer, Counted]:
        await self.count(Reserve(asked, self.clock.now() + self.reserve_seconds))
        try:
            answer = await answered()
        except NoMatch:
            if not await self._settle_nothing(asked, context):
                self._note(asked, Metered.NOT_FOUND)
            raise
        except BaseException:
            self._give_back(asked)
            raise
        if context.is_lost():  # nobody gets it, and nobody pays for it
            return answer, await self.count(Release(asked))
        return answer, await self.count(Settle(asked, *_told_by(answer, context)))

    async def _settle_nothing(self, asked: Asked, context: RequestContext) -> bool:
        """Tell whether there is a record of it."""
        if asked.tariff.prices.get(Metered.NOT_FOUND) and not context.is_lost():
            return (await self.count(Settle(asked, Metered.NOT_FOUND))).sequence is not None
        self._give_back(asked)
        return False

    def _note(self, asked: Asked, metered: str) -> None:
        self.tally.note(asked.account_id, asked.resource, metered)

    def _give_back(self, asked: Asked) -> None:
        """Give the unit back without waiting for it: should that fail, its deadline does it."""
        self.count.ledger.submit(Release(asked), _ignore)


def _repeat_key(context: RequestContext) -> str | None:
    given = context.fields.get(b"idempotency-key")
    return None if given is None else idempotency_key(given)


def _ignore(_outcome: Any) -> None:  # noqa: ANN401 - whatever became of it
    """Nobody waits for it."""


def _told_by(answer: Answer, context: RequestContext) -> tuple[Metered, str | None]:
    """
    Return what an answer is billed as, and what a repeat of it is known by.

    A record that was lost in a kill, or that two processes fetched, has another ETag though it
    says the same: where it tells when it was fetched, that does not make it another answer.
    """
    metered = _metered(answer, context)
    if context.content is not None:
        return metered, blake2b(context.content, digest_size=_DIGEST_BYTES).hexdigest()
    _, found, rest = answer.lines.partition(_ETAG)
    return metered, rest.partition(b"\r\n")[0].decode("latin-1") if found else None


def _metered(answer: Answer, context: RequestContext) -> Metered:
    return metered_as(context.outcome, answer.status, context.fields.get(b"if-none-match"))


def _tell(context: RequestContext, quotas: list[Quota]) -> None:
    if quotas and context.decision is not None:
        context.limit_lines = limit_lines(context.decision, quotas)
