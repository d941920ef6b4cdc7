"""Checkpoints of archived records in the durable database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, func, insert, select

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.ledger.archive_tables import ledger_archives
from plg.adapters.sql.ledger.tables import usage_records
from plg.application.ports.ledger.archives import ArchivesPort
from plg.domain.errors import StorageUnavailable
from plg.domain.ledger.archives import Checkpoint, KeptCheckpoint, days_of_text, text_of_days

_c = ledger_archives.c
_u = usage_records.c
CHECKPOINT = [
    _c[name]
    for name in (
        "account_id", "first_sequence", "last_sequence", "previous_head", "head", "from_at",
        "to_at", "days", "statements", "archived_at", "pepper_id", "mac", "file",
    )
]  # fmt: skip


def to_checkpoint(values: Sequence[Any]) -> KeptCheckpoint:
    """
    Return what a row of `CHECKPOINT` says.

    Raises:
        StorageUnavailable: If it says nothing that was ever written.
    """
    account_id, first, last, previous_head, head, from_at, to_at, days, *rest = values
    statements, archived_at, pepper_id, mac, file = rest
    try:
        sums = days_of_text(days)
    except ValueError as error:
        raise StorageUnavailable("a checkpoint of archived records is damaged") from error
    checkpoint = Checkpoint(
        account_id, first, last, previous_head, head, from_at, to_at, sums, statements,
        archived_at, pepper_id,
    )  # fmt: skip
    return KeptCheckpoint(checkpoint, mac, file)


def checkpoints_of(account_id: str) -> Select[*tuple[Any, ...]]:
    """Return what finds an account's checkpoints, in their order."""
    return select(*CHECKPOINT).where(_c.account_id == account_id).order_by(_c.last_sequence)


class SqlArchives(ArchivesPort):
    """A row for each range; the database lets only the records of these be removed."""

    def __init__(self, sql: Executor) -> None:
        self._sql = sql

    async def archived_to(self, account_id: str) -> int:
        newest = select(func.max(_c.last_sequence)).where(_c.account_id == account_id)
        row = await self._sql.row(newest)
        return 0 if row is None else row[0] or 0

    async def archived_until(self, account_id: str) -> int:
        newest = select(func.max(_c.to_at)).where(_c.account_id == account_id)
        row = await self._sql.row(newest)
        return 0 if row is None else row[0] or 0

    async def of(self, account_id: str) -> list[KeptCheckpoint]:
        return [to_checkpoint(row) for row in await self._sql.rows(checkpoints_of(account_id))]

    async def add(self, kept: KeptCheckpoint) -> None:
        await self._sql.write(insert(ledger_archives), _values(kept))

    async def first_left_over(self, account_id: str) -> int | None:
        archived_to = await self.archived_to(account_id)
        mine = select(func.min(_u.sequence)).where(
            _u.account_id == account_id, _u.sequence <= archived_to
        )
        row = await self._sql.row(mine)
        return None if row is None else row[0]

    async def remove(self, account_id: str, first: int, last: int) -> int:
        return await self._sql.write(
            delete(usage_records).where(
                _u.account_id == account_id, _u.sequence.between(first, last)
            )
        )


def _values(kept: KeptCheckpoint) -> dict[str, Any]:
    checkpoint = kept.checkpoint
    return {
        "account_id": checkpoint.account_id,
        "first_sequence": checkpoint.first,
        "last_sequence": checkpoint.last,
        "previous_head": checkpoint.previous_head,
        "head": checkpoint.head,
        "from_at": checkpoint.from_at,
        "to_at": checkpoint.to_at,
        "days": text_of_days(checkpoint.days),
        "statements": checkpoint.statements,
        "archived_at": checkpoint.archived_at,
        "pepper_id": checkpoint.pepper_id,
        "mac": kept.mac,
        "file": kept.file,
    }
