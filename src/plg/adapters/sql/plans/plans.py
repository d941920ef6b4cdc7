"""Plans in the durable database, and which account has which."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Double,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.notices.tables import own_spend_caps
from plg.adapters.sql.plans.tables import account_plans, plan_overrides, plans, spend_caps
from plg.adapters.sql.plans.texts import (
    prices_text,
    rate_text,
    resources_text,
    terms_text,
    to_prices,
    to_rate,
    to_resources,
    to_terms,
)
from plg.application.ports.plans.plans import PlansPort
from plg.domain.money import Currency
from plg.domain.plans.account_plans import AccountTerms, Assignment, Override
from plg.domain.plans.plans import Plan, Unit
from plg.domain.plans.tariffs import SpendCap

_p = plans.c
_a = account_plans.c
_o = plan_overrides.c
_s = spend_caps.c
_w = own_spend_caps.c
_PLAN_COLUMNS = tuple(_p)
_ASSIGNMENT, _OVERRIDE, _CAP, _OWN_CAP = range(4)
_BLOCK, _NOTIFY = "block", "notify"
_NO_TIME, _NO_NUMBER, _NO_TEXT = (cast(null(), kind) for kind in (Double, BigInteger, Text))

_mine: BindParameter[str] = bindparam("mine")
# One statement, since each takes a turn of the database, and this one is part of identification.
_of_account = union_all(
    select(
        literal(_ASSIGNMENT).label("kind"),
        _a.from_at.label("from_at"),
        _NO_TIME.label("until_at"),
        _a.plan_version.label("number"),
        _a.plan_code.label("name"),
        _NO_TEXT.label("terms"),
    ).where(_a.account_id == _mine),
    select(literal(_OVERRIDE), _o.from_at, _o.until_at, _NO_NUMBER, _o.id, _o.terms).where(
        _o.account_id == _mine, or_(_o.until_at.is_(None), _o.until_at > bindparam("now"))
    ),
    select(literal(_CAP), _NO_TIME, _NO_TIME, _s.amount, _s.action, _NO_TEXT).where(
        _s.account_id == _mine
    ),
    select(literal(_OWN_CAP), _NO_TIME, _NO_TIME, _w.amount, _w.action, _NO_TEXT).where(
        _w.account_id == _mine
    ),
).subquery()
_terms = select(_of_account).order_by(_of_account.c.kind, _of_account.c.from_at, _of_account.c.name)


class SqlPlans(PlansPort):
    """A row a version; what an account has is read at once from the tables that tell it."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def all(self) -> list[Plan]:
        statement = select(*_PLAN_COLUMNS).order_by(_p.code, _p.version)
        return [_to_plan(row) for row in await self._statements.rows(statement)]

    async def versions(self, code: str) -> list[Plan]:
        await self._statements.hold_table(plans)
        statement = select(*_PLAN_COLUMNS).where(_p.code == code).order_by(_p.version)
        return [_to_plan(row) for row in await self._statements.rows(statement)]

    async def add(self, plan: Plan) -> None:
        await self._statements.write(insert(plans), _values(plan))

    async def of_account(self, account_id: str, now: float) -> AccountTerms:
        rows = await self._statements.rows(_terms.params(mine=account_id, now=now))
        assignments, overrides = [], []
        caps: dict[int, SpendCap] = {}
        for kind, from_at, until_at, number, name, terms in rows:
            if kind == _ASSIGNMENT:
                assignments.append(Assignment(account_id, from_at, name, number))
            elif kind == _OVERRIDE:
                overrides.append(Override(name, account_id, from_at, until_at, to_terms(terms)))
            else:
                caps[kind] = SpendCap(number, name == _BLOCK)
        own_cap = caps.get(_OWN_CAP)
        return AccountTerms(tuple(assignments), tuple(overrides), caps.get(_CAP), own_cap)

    async def assign(self, assignment: Assignment) -> None:
        replaced = delete(account_plans).where(
            _a.account_id == assignment.account_id, _a.from_at >= assignment.from_at
        )
        await self._statements.write(replaced)
        values = {
            "account_id": assignment.account_id,
            "from_at": assignment.from_at,
            "plan_code": assignment.code,
            "plan_version": assignment.version,
        }
        await self._statements.write(insert(account_plans), values)

    async def add_override(self, override: Override) -> None:
        values = {
            "id": override.id,
            "account_id": override.account_id,
            "from_at": override.from_at,
            "until_at": override.until_at,
            "terms": terms_text(override.terms),
        }
        await self._statements.write(insert(plan_overrides), values)

    async def end_override(self, account_id: str, override_id: str, now: float) -> bool:
        is_it = (_o.id == override_id, _o.account_id == account_id)
        goes_on = or_(_o.until_at.is_(None), _o.until_at > now)
        ended = update(plan_overrides).where(*is_it, _o.from_at < now, goes_on)
        if await self._statements.write(ended.values(until_at=now)):
            return True
        removed = delete(plan_overrides).where(*is_it, _o.from_at >= now)
        return await self._statements.write(removed) == 1

    async def set_cap(self, account_id: str, cap: SpendCap | None) -> None:
        await self._put_cap(spend_caps, account_id, cap)

    async def set_own_cap(self, account_id: str, cap: SpendCap | None) -> None:
        await self._put_cap(own_spend_caps, account_id, cap)

    async def _put_cap(self, table: Table, account_id: str, cap: SpendCap | None) -> None:
        await self._statements.write(delete(table).where(table.c.account_id == account_id))
        if cap is not None:
            action = _BLOCK if cap.blocks else _NOTIFY
            values = {"account_id": account_id, "amount": cap.nanos, "action": action}
            await self._statements.write(insert(table), values)


def _to_plan(values: Sequence[Any]) -> Plan:
    code, version, name, currency, unit, requests, vins, price, *rest = values
    source_calls, rate, prices, is_offered, created_at, from_at, resources = rest
    return Plan(
        code,
        version,
        name,
        Currency(currency),
        Unit(unit),
        requests,
        vins,
        price,
        to_rate(source_calls),
        to_rate(rate),
        to_prices(prices),
        is_offered,
        created_at,
        from_at,
        to_resources(resources),
    )


def _values(plan: Plan) -> dict[str, object]:
    return {
        "code": plan.code,
        "version": plan.version,
        "name": plan.name,
        "currency": plan.currency.code,
        "unit": plan.unit.value,
        "requests_per_day": plan.requests_per_day,
        "vins_per_day": plan.vins_per_day,
        "price": plan.price,
        "source_calls": rate_text(plan.source_calls),
        "rate": rate_text(plan.rate),
        "prices": prices_text(plan.prices),
        "is_offered": plan.is_offered,
        "created_at": plan.created_at,
        "from_at": plan.from_at,
        "resources": resources_text(plan.resources),
    }
