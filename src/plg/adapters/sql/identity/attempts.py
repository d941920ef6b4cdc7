"""Failed log-ins, and the places of good ones, in the durable database."""

from sqlalchemy import case, delete, select, update

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.identity.tables import known_places, login_failures
from plg.application.ports.identity.attempts import KNOWN_PLACES_MAX, AttemptsPort
from plg.domain.identity.lockouts import Failures

_f = login_failures.c
_p = known_places.c


class SqlAttempts(AttemptsPort):
    """A row a subject, and one for each place of an account."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def count_up(self, subject: str, now: float) -> Failures:
        # The row is there before it is read, so that even first failures take turns at it.
        nothing = {"subject": subject, "count": 0, "last_at": 0.0}
        await self._statements.write_missing(login_failures, nothing)
        mine = _f.subject == subject
        (row,) = await self._statements.held_rows(select(_f.count, _f.last_at).where(mine))
        before = Failures(*row)
        after = before.and_one_more(now)
        later = {"count": after.count, "last_at": after.last_at}
        await self._statements.write(update(login_failures).where(mine).values(later))
        return before

    async def clear(self, subject: str) -> None:
        await self._statements.write(delete(login_failures).where(_f.subject == subject))

    async def is_known_place(self, account_id: str, place: str) -> bool:
        known = select(_p.place).where(_p.account_id == account_id, _p.place == place)
        return await self._statements.row(known) is not None

    async def add_known_place(self, account_id: str, place: str, now: float) -> None:
        values = {"account_id": account_id, "place": place, "last_at": now}
        await self._statements.write_missing(known_places, values)
        mine = _p.account_id == account_id
        later = case((_p.last_at < now, now), else_=_p.last_at)
        await self._statements.write(
            update(known_places).where(mine, _p.place == place).values(last_at=later)
        )
        newest_first = select(_p.place).where(mine).order_by(_p.last_at.desc(), _p.place.desc())
        places = [row.place for row in await self._statements.rows(newest_first)]
        if len(places) > KNOWN_PLACES_MAX:
            forgotten = places[KNOWN_PLACES_MAX:]
            await self._statements.write(delete(known_places).where(mine, _p.place.in_(forgotten)))

    async def prune(self, before: float, *, limit: int) -> int:
        return await self._statements.remove(login_failures, _f.last_at < before, limit=limit)
