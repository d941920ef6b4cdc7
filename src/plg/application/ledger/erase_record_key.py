"""Erase a record key from the ledger."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from plg.application.audited_change import AuditedChange
from plg.application.ledger.erase_in_archives import EraseInArchives
from plg.application.ports.ledger.ledger_books import LedgerBooksPort
from plg.application.ports.ledger.record_keys import HeldKey
from plg.domain.audit import Action, Actor
from plg.domain.errors import InvalidParameter, StorageUnavailable
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.erasures import hidden
from plg.domain.records.vehicles import Vin

SCANNED: Final = 20_000
STEP: Final = 50
PAUSE_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class ErasureQuery:
    """
    What is to be erased.

    Attributes:
        keys: The record key, in each form that it may stand in.
        account_id: Only there; None for every account.
        resource: Only in records of this kind; None for all.
        in_files: Whether files of archived records are written anew without it.
        in_observations: Whether what was observed of a vehicle with this key is removed.
    """

    keys: frozenset[str]
    account_id: str | None = None
    resource: str | None = None
    in_files: bool = False
    in_observations: bool = False


@dataclass(slots=True)
class Erasure:
    """
    What was done.

    Attributes:
        vehicles: Days on which an account had seen it.
        bindings: Idempotency keys that were bound to it.
        holding: Files of archived records that still hold it.
        rewritten: Files that held it and do not any more.
        unread: Files that are not where they were written to: nobody knows.
    """

    records: int = 0
    vehicles: int = 0
    bindings: int = 0
    observations: int = 0
    holding: list[str] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EraseRecordKey:
    """
    Puts a keyed digest in the place of a record key, so that the chain still holds.

    Some records at a time, with time for the ledger to write in between: where it is interrupted,
    the next call continues. What is asked for during the call is recorded as usual.
    """

    changes: AuditedChange
    books: LedgerBooksPort
    chain: LedgerChain
    archives: EraseInArchives
    sleep: Callable[[float], Awaitable[object]]

    async def __call__(self, query: ErasureQuery, actor: Actor) -> Erasure:
        """
        Erase it.

        Raises:
            StorageUnavailable: If the database or a file fails, or a record was sealed under a
                secret that is not set.
        """
        done = Erasure()
        if query.account_id is not None:
            await self._erase(query.account_id, query, done)
        else:
            each = await self.books.next_account("")
            while each is not None:
                await self._erase(each, query, done)
                each = await self.books.next_account(each)
        if query.in_observations:
            for key in sorted(query.keys):
                done.observations += await self._forget_observations(key)
        await self._note(query, done, actor)
        return done

    async def _erase(self, account_id: str, query: ErasureQuery, done: Erasure) -> None:
        async with self.changes.look() as work:
            end = await work.usage.end(account_id)
            archived_to = await work.archives.archived_to(account_id)
            first = await work.archives.first_left_over(account_id) or archived_to + 1
            kept = await work.archives.of(account_id)
        last = 0 if end is None else end.last_sequence
        for start in range(first, last + 1, SCANNED):
            async with self.changes.look() as work:
                held = await work.record_keys.held(
                    account_id, start, min(start + SCANNED - 1, last), query.keys, query.resource
                )
            done.records += await self._erase_records(account_id, held)
        await self._erase_counters(account_id, query, done)
        await self.archives(kept, query.keys, query.resource, done, rewrites=query.in_files)

    async def _erase_records(self, account_id: str, held: list[HeldKey]) -> int:
        erased = 0
        for start in range(0, len(held), STEP):
            digests = {each.sequence: self._digest(each) for each in held[start : start + STEP]}
            async with self.changes.work.change() as work:
                erased += await work.record_keys.erase(account_id, digests)
            await self.sleep(PAUSE_SECONDS)
        return erased

    def _digest(self, held: HeldKey) -> bytes:
        try:
            return self.chain.sealer(held.pepper_id).key_digest(held.id, held.record_key)
        except KeyError as error:
            raise StorageUnavailable(
                f"record {held.sequence} was sealed under a secret that is not set: add the one "
                f"with the id {held.pepper_id} to SECRET_KEY_PREVIOUS, and call this again"
            ) from error

    async def _erase_counters(self, account_id: str, query: ErasureQuery, done: Erasure) -> None:
        async with self.changes.work.change() as work:
            bound = await work.record_keys.bound(account_id, query.keys, query.resource)
            renamed = [
                each._replace(
                    record_key=hidden(
                        self.chain, f"{account_id}:{each.idempotency_key}", each.record_key
                    )
                )
                for each in bound
            ]
            await work.record_keys.rebind(account_id, renamed)
            done.bindings += len(renamed)
            done.vehicles += await work.record_keys.forget_vehicles(account_id, query.keys)

    async def _forget_observations(self, key: str) -> int:
        try:
            vin = Vin(key)
        except InvalidParameter:  # a player's
            return 0
        gone, removed = 0, STEP
        while removed == STEP:
            async with self.changes.work.change() as work:
                removed = await work.observations.forget(vin, limit=STEP)
            gone += removed
            await self.sleep(PAUSE_SECONDS)
        return gone

    async def _note(self, query: ErasureQuery, done: Erasure, actor: Actor) -> None:
        """Write down that it was done; what was erased is not said there either."""
        target = "ledger" if query.account_id is None else f"account:{query.account_id}"
        names = ("records", "vehicles", "bindings", "observations")
        details = {name: str(getattr(done, name)) for name in names}
        if query.resource is not None:
            details["resource"] = query.resource
        async with self.changes(actor) as change:
            await change.record(Action.RECORD_KEY_ERASED, target, details)
