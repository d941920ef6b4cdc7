"""Fleets in the durable database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    true,
    update,
)

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.fleets.tables import (
    account_fleets,
    fleet_bound_accounts,
    fleet_vehicles,
    fleets,
)
from plg.application.ports.fleets.fleets import FleetClaim, FleetsPort
from plg.domain.fleets.fleets import Fleet, Staged
from plg.domain.records.vehicles import Vin

_f, _v, _a = fleets.c, fleet_vehicles.c, account_fleets.c
_b = fleet_bound_accounts.c
_FLEET = (_f.code, _f.name, _f.vehicles, _f.imported_at)
_is_there = and_(_f.code.is_not(None), _f.generation > 0)

_account: BindParameter[str] = bindparam("account")
_vin: BindParameter[str] = bindparam("vin")
# It stands before every answer to an account that is bound and is not remembered: made once.
_has = (
    select(_v.vin)
    .select_from(account_fleets)
    .join(fleets, _f.id == _a.fleet_id)
    .join(fleet_vehicles, _v.fleet_id == _a.fleet_id)
    .where(
        _a.account_id == _account,
        _v.vin == _vin,
        _v.added <= _f.generation,
        _v.listed >= _f.listed_from,
    )
    .limit(1)
)
_is_bound = select(_b.account_id).where(_b.account_id == _account)


class SqlFleets(FleetsPort):
    """A row a fleet, a vehicle of one, and a binding; `fleets` tells which vehicles count."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def get(self, code: str) -> Fleet | None:
        row = await self._statements.held_row(select(*_FLEET).where(_f.code == code, _is_there))
        return None if row is None else Fleet(*row)

    async def page(self, *, after: str | None, limit: int) -> list[Fleet]:
        return await self._page(select(*_FLEET), after, limit)

    async def of_account(self, account_id: str, *, after: str | None, limit: int) -> list[Fleet]:
        bound = select(*_FLEET).join(account_fleets, _a.fleet_id == _f.id)
        return await self._page(bound.where(_a.account_id == account_id), after, limit)

    async def accounts(self, code: str, *, limit: int) -> list[str]:
        bound = select(_a.account_id).join(fleets, _f.id == _a.fleet_id).where(_f.code == code)
        rows = await self._statements.rows(bound.order_by(_a.account_id).limit(limit))
        return [row.account_id for row in rows]

    async def is_bound(self, account_id: str) -> bool:
        return await self._statements.row(_is_bound.params(account=account_id)) is not None

    async def has(self, account_id: str, vin: Vin) -> bool:
        found = await self._statements.row(_has.params(account=account_id, vin=vin.value))
        return found is not None

    async def bind(self, account_id: str, code: str) -> bool:
        fleet_id = await self._id_of(code)
        is_it = and_(_a.account_id == account_id, _a.fleet_id == fleet_id)
        if await self._statements.row(select(_a.fleet_id).where(is_it)) is not None:
            return False
        values = {"account_id": account_id, "fleet_id": fleet_id}
        await self._statements.write(insert(account_fleets), values)
        if not await self.is_bound(account_id):
            await self._statements.write(insert(fleet_bound_accounts), {"account_id": account_id})
        return True

    async def unbind(self, account_id: str, code: str) -> bool:
        fleet_id = await self._id_of(code)
        gone = delete(account_fleets).where(_a.account_id == account_id, _a.fleet_id == fleet_id)
        return await self._statements.write(gone) == 1

    async def open(self, account_id: str) -> bool:
        gone = delete(fleet_bound_accounts).where(_b.account_id == account_id)
        return await self._statements.write(gone) == 1

    async def claim(self, code: str, new_id: str) -> FleetClaim:
        row = await self._statements.held_row(select(_f.id, _f.imports).where(_f.code == code))
        if row is None:
            await self._statements.write(insert(fleets), _new(code, new_id))
            return FleetClaim(new_id, 1)
        return await self._taken(row, imports=row.imports + 1)

    async def stage(self, claim: FleetClaim, vins: Sequence[Vin]) -> Staged | None:
        if await self._held(claim) is None:
            return None
        wanted = {vin.value for vin in vins}
        here = _v.fleet_id == claim.fleet_id
        rows = await self._statements.rows(
            select(_v.vin, _v.listed).where(here, _v.vin.in_(wanted))
        )
        already = [row.vin for row in rows if row.listed < claim.number]
        if already:
            again = update(fleet_vehicles).where(here, _v.vin.in_(already))
            await self._statements.write(again.values(listed=claim.number))
        added = sorted(wanted - {row.vin for row in rows})
        if added:
            number, fleet_id = claim.number, claim.fleet_id
            new = [
                {"fleet_id": fleet_id, "vin": vin, "added": number, "listed": number}
                for vin in added
            ]
            await self._statements.write(insert(fleet_vehicles), new)
        return Staged(len(added), len(already))

    async def claimed(self, claim: FleetClaim) -> Fleet | None:
        row = await self._held(claim)
        if row is None:
            return None
        return Fleet(row.code, row.name, row.vehicles, row.imported_at or 0.0)

    async def finish(self, claim: FleetClaim, fleet: Fleet, *, replaces: bool) -> None:
        number = claim.number
        values: dict[str, Any] = {
            "name": fleet.name,
            "vehicles": fleet.vehicles,
            "imported_at": fleet.imported_at,
            "generation": number,
            # What an import adds leaves nothing behind, for it is swept before.
            **({"listed_from": number} if replaces else {"swept": number}),
        }
        await self._statements.write(update(fleets).where(_f.id == claim.fleet_id).values(**values))

    async def remove(self, code: str) -> FleetClaim:
        is_it = _f.code == code
        rows = await self._statements.held_rows(select(_f.id, _f.imports).where(is_it))
        return await self._taken(rows[0], imports=rows[0].imports + 1, code=None)

    async def removed(self) -> list[FleetClaim]:
        rows = await self._statements.rows(select(_f.id, _f.imports).where(_f.code.is_(None)))
        return [FleetClaim(row.id, row.imports) for row in rows]

    async def sweep(self, claim: FleetClaim, after: str | None, *, limit: int) -> str | None:
        row = await self._held(claim)
        if row is None:
            return None
        until = claim.number if row.generation == claim.number else claim.number - 1
        if row.code is not None and row.swept >= until:
            return None
        here = and_(_v.fleet_id == claim.fleet_id, _v.vin > (after or ""))
        seen = select(_v.vin).where(here).order_by(_v.vin).limit(limit)
        vins = [each.vin for each in await self._statements.rows(seen)]
        if vins:
            waste = delete(fleet_vehicles).where(here, _v.vin <= vins[-1], _is_waste(row))
            await self._statements.write(waste)
        if len(vins) == limit:
            return str(vins[-1])
        await self._swept(row, until)
        return None

    async def _page(
        self, statement: Select[*tuple[Any, ...]], after: str | None, limit: int
    ) -> list[Fleet]:
        there = statement.where(_is_there)
        rows = await self._statements.page(there, _f.code, after=after, limit=limit)
        return [Fleet(*row) for row in rows]

    async def _id_of(self, code: str) -> str | None:
        row = await self._statements.row(select(_f.id).where(_f.code == code))
        return None if row is None else row.id

    async def _held(self, claim: FleetClaim) -> Row[*tuple[Any, ...]] | None:
        is_ours = and_(_f.id == claim.fleet_id, _f.imports == claim.number)
        return await self._statements.held_row(select(fleets).where(is_ours))

    async def _taken(self, row: Row[*tuple[Any, ...]], **values: Any) -> FleetClaim:  # noqa: ANN401 - columns
        await self._statements.write(update(fleets).where(_f.id == row.id).values(**values))
        return FleetClaim(row.id, values["imports"])

    async def _swept(self, row: Row[*tuple[Any, ...]], until: int) -> None:
        it = _f.id == row.id
        if row.code is None:
            await self._statements.write(delete(fleets).where(it))
        else:
            await self._statements.write(update(fleets).where(it).values(swept=until))


def _is_waste(row: Row[*tuple[Any, ...]]) -> ColumnElement[bool]:
    if row.code is None:
        return true()
    return or_(_v.added > row.generation, _v.listed < row.listed_from)


def _new(code: str, fleet_id: str) -> dict[str, Any]:
    numbers = {"vehicles": 0, "generation": 0, "listed_from": 0, "swept": 0}
    return {"id": fleet_id, "code": code, "name": code, "imports": 1, **numbers}
