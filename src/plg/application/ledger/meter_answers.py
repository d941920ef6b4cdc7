"""When an answer is reserved, settled, released or free: the billing rules of a lookup."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from plg.application.ledger.count_free_usage import FreeUsageTally
from plg.application.ledger.count_usage import CountUsage
from plg.application.ports.clock import ClockPort
from plg.domain.errors import NoMatch, PlgError
from plg.domain.identity.access import Caller
from plg.domain.ids import new_id
from plg.domain.ledger.billed_as import failure_counted_as
from plg.domain.ledger.usage import Asked, Charge, Counted, Release, Reserve, Settle
from plg.domain.plans.plans import Metered
from plg.domain.records.meter_rules import MeterRule
from plg.domain.records.record_keys import RecordKey

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Made(Generic[A]):
    """
    An answer that was made, and what it is billed as.

    Attributes:
        version: What a repeat under the same idempotency key is compared by; None where there is
            no such key.
    """

    answer: A
    metered: Metered
    version: str | None


def asked_of(
    rule: MeterRule,
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
        rule.resource,
        key.value,
        rule.space,
        now,
        request_id.decode(),
        caller.tariff,
        idempotency_key,
    )


@dataclass(frozen=True, slots=True)
class MeterAnswers:
    """
    Counts answers, each on disk before it is given.

    An answer at hand is made and charged in one. One that may have to wait for the source is
    reserved first and settled when it is made; it is released where making it fails, or where
    the client is known to be gone.

    Attributes:
        reserve_seconds: How long a unit is reserved for an answer that takes a while.
        tally: Counts those that nobody pays for.
    """

    count: CountUsage
    clock: ClockPort
    reserve_seconds: float
    tally: FreeUsageTally

    async def __call__(
        self,
        asked: Asked,
        make: Callable[[], Awaitable[Made[A]]],
        is_lost: Callable[[], bool],
        *,
        is_at_hand: bool,
    ) -> tuple[A, Counted]:
        """
        Return the answer once it is on disk, and how the account stands after it.

        Args:
            asked: By a caller who pays.
            make: Looks up and renders; a call to the source happens in it.
            is_lost: Tells whether the client is known to be gone.
            is_at_hand: Whether `make` waits for nothing.

        Raises:
            QuotaExceeded: If the account has used up what it may; then nothing was made that
                takes a call to the source.
            LedgerUnavailable: If it cannot be counted in time.
            PlgError: What `make` raises.
        """
        try:
            if is_at_hand:
                made = await make()
                counted = await self.count(Charge(asked, made.metered, made.version))
            else:
                made, counted = await self._reserved(asked, make, is_lost)
        except PlgError as error:
            if not isinstance(error, NoMatch):  # that one is settled, or noted where it is not
                self._note(asked, failure_counted_as(error))
            raise
        if counted.sequence is None:
            self._note(asked, made.metered)
        return made.answer, counted

    async def free(
        self, rule: MeterRule, caller: Caller, make: Callable[[], Awaitable[Made[A]]]
    ) -> A:
        """Return the answer for a caller who pays nothing for it."""
        account_id = caller.account_id or caller.id
        try:
            made = await make()
        except PlgError as error:
            self.tally.note(account_id, rule.resource, failure_counted_as(error))
            raise
        self.tally.note(account_id, rule.resource, made.metered)
        return made.answer

    async def _reserved(
        self, asked: Asked, make: Callable[[], Awaitable[Made[A]]], is_lost: Callable[[], bool]
    ) -> tuple[Made[A], Counted]:
        await self.count(Reserve(asked, self.clock.now() + self.reserve_seconds))
        try:
            made = await make()
        except NoMatch:
            if not await self._settle_no_match(asked, is_lost):
                self._note(asked, Metered.NOT_FOUND)
            raise
        except BaseException:
            self._release(asked)
            raise
        if is_lost():  # nobody gets it, and nobody pays for it
            return made, await self.count(Release(asked))
        return made, await self.count(Settle(asked, made.metered, made.version))

    async def _settle_no_match(self, asked: Asked, is_lost: Callable[[], bool]) -> bool:
        """Settle it where the plan has a price for it; tell whether there is a record of it."""
        if asked.tariff.prices_of(asked.resource).get(Metered.NOT_FOUND) and not is_lost():
            return (await self.count(Settle(asked, Metered.NOT_FOUND))).sequence is not None
        self._release(asked)
        return False

    def _note(self, asked: Asked, metered: str) -> None:
        self.tally.note(asked.account_id, asked.resource, metered)

    def _release(self, asked: Asked) -> None:
        """Release the unit without waiting for it: should that fail, its deadline does it."""
        self.count.ledger.submit(Release(asked), _ignore)


def _ignore(_outcome: Counted | PlgError) -> None:
    """Nobody waits for it."""
