"""Record keys in the ledger's tables."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, bindparam, delete, select, update

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.ledger.tables import idempotency, ledger_day_vins, usage_records
from plg.application.ports.ledger.record_keys import BoundKey, HeldKey, RecordKeysPort

_u = usage_records.c
_v = ledger_day_vins.c
_i = idempotency.c


class SqlRecordKeys(RecordKeysPort):
    """Looks through ranges of records: there is no index of record keys."""

    def __init__(self, sql: Executor) -> None:
        self._sql = sql

    async def held(
        self,
        account_id: str,
        first: int,
        last: int,
        keys: Collection[str],
        resource: str | None,
    ) -> list[HeldKey]:
        mine = select(_u.sequence, _u.id, _u.pepper_id, _u.record_key).where(
            _u.account_id == account_id,
            _u.sequence.between(first, last),
            _u.record_key.in_(keys),
            *_of(_u.resource, resource),
        )
        return [HeldKey(*row) for row in await self._sql.rows(mine.order_by(_u.sequence))]

    async def erase(self, account_id: str, digests: Mapping[int, bytes]) -> int:
        if not digests:
            return 0
        one = update(usage_records).where(
            _u.account_id == account_id,
            _u.sequence == bindparam("number"),
            _u.record_key.is_not(None),
        )
        rows = [{"number": number, "digest": each} for number, each in digests.items()]
        values = one.values(record_key=None, key_digest=bindparam("digest"))
        return await self._sql.write(values, rows)

    async def forget_vehicles(self, account_id: str, keys: Collection[str]) -> int:
        mine = delete(ledger_day_vins).where(_v.account_id == account_id, _v.vin.in_(keys))
        return await self._sql.write(mine)

    async def bound(
        self, account_id: str, keys: Collection[str], resource: str | None
    ) -> list[BoundKey]:
        mine = select(_i.idempotency_key, _i.record_key).where(
            _i.account_id == account_id, _i.record_key.in_(keys), *_of(_i.resource, resource)
        )
        rows = await self._sql.held_rows(mine.order_by(_i.idempotency_key))
        return [BoundKey(*row) for row in rows]

    async def rebind(self, account_id: str, bound: Sequence[BoundKey]) -> None:
        if not bound:
            return
        one = update(idempotency).where(
            _i.account_id == account_id, _i.idempotency_key == bindparam("name")
        )
        rows = [{"name": each.idempotency_key, "key": each.record_key} for each in bound]
        await self._sql.write(one.values(record_key=bindparam("key")), rows)


def _of(column: ColumnElement[str], resource: str | None) -> list[ColumnElement[bool]]:
    return [] if resource is None else [column == resource]
