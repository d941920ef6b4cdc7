"""List usage records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from plg.application.ledger.authorize_account import account_for
from plg.application.ledger.show_statement import check_not_archived, statement_for
from plg.application.ports.ledger.statements import Covered
from plg.application.ports.ledger.usage import RecordFilter
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.errors import NotFound
from plg.domain.identity.access import Caller
from plg.domain.ledger.usage import UsageRecord

SCANNED_MAX: Final = 20_000
"""Records that are looked through for one page, so that a filter costs no more."""


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """
    Which records are asked for; None where it does not matter.

    Attributes:
        since: From this instant on, in microseconds since the epoch.
        until: Up to this instant, without it.
        before: Only those with a lower sequence number.
    """

    account_id: str | None = None
    since: int | None = None
    until: int | None = None
    key_id: str | None = None
    record_key: str | None = None
    statement: str | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class BilledRecord:
    """A record, and the number of the statement that covers it; None while it is unbilled."""

    record: UsageRecord
    statement: str | None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """
    Records, the newest first.

    Attributes:
        next_before: Where the next page begins; None where there is none. A page may have fewer
            records than asked for, and still another follow.
    """

    records: list[BilledRecord]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class _Range:
    account_id: str
    first: int
    last: int
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class ListUsageRecords:
    """
    Return usage records, the newest first, with the statements that cover them.

    The list ends where older ones were archived.
    """

    work: UnitOfWorkPort
    scanned_max: int = SCANNED_MAX

    async def __call__(self, caller: Caller, query: RecordQuery, *, limit: int) -> RecordPage:
        """
        Return a page of the caller's records, or for admins of those of the account wished for.

        Raises:
            InsufficientScope: If it is not the caller's own, and the caller is no admin.
            NotFound: If there is no such account, or no such statement of it.
            Archived: If the records of the statement were moved to a file.
        """
        async with self.work.look() as work:
            among = await _range(work, caller, query)
            last = among.last if query.before is None else min(among.last, query.before - 1)
            first = max(among.first, last - self.scanned_max + 1)
            wanted = RecordFilter(
                query.since, query.until, query.key_id, query.record_key, among.currency
            )
            found = await work.usage.records(among.account_id, first, last, wanted, limit + 1)
            covered = await work.statements.covering(among.account_id, first, last)
        records, next_before = found[:limit], None
        if len(found) > limit:
            next_before = records[-1].sequence
        elif first > among.first:
            next_before = first
        return RecordPage([_billed(each, covered) for each in records], next_before)


async def _range(work: Work, caller: Caller, query: RecordQuery) -> _Range:
    if query.statement is None:
        account_id = (await account_for(work, caller, query.account_id)).id
        end = await work.usage.end(account_id)
        first = await work.archives.archived_to(account_id) + 1
        return _Range(account_id, first, 0 if end is None else end.last_sequence)
    statement = await statement_for(work, caller, query.statement)
    if query.account_id not in (None, statement.account_id):
        raise NotFound("The account has no statement with this number.")
    span, currency = statement.span, statement.currency.code
    await check_not_archived(work, statement)
    if span is None:  # a credit note covers none
        return _Range(statement.account_id, 1, 0)
    return _Range(statement.account_id, span.first, span.last, currency)


def _billed(record: UsageRecord, covered: Sequence[Covered]) -> BilledRecord:
    numbers = (
        each.number
        for each in covered
        if each.currency == record.currency and each.first <= record.sequence <= each.last
    )
    return BilledRecord(record, next(numbers, None))
