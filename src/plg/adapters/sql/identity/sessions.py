"""Sessions in the durable database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, or_, select, update

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.identity.accounts import ACCOUNT_COLUMNS, to_account
from plg.adapters.sql.identity.devices import DEVICE_COLUMNS, to_device
from plg.adapters.sql.identity.scopes import scopes_text, to_scopes
from plg.adapters.sql.identity.tables import accounts, devices, sessions
from plg.application.ports.identity.sessions import SessionsPort, SessionWithAccount
from plg.domain.identity.sessions import Session

_c = sessions.c
_SESSION_COLUMNS = tuple(_c)
_SESSION_END = len(_SESSION_COLUMNS)
_ACCOUNT_END = _SESSION_END + len(ACCOUNT_COLUMNS)

_standing = (
    select(*_SESSION_COLUMNS, *ACCOUNT_COLUMNS, *DEVICE_COLUMNS)
    .join_from(sessions, accounts, accounts.c.id == _c.account_id)
    .outerjoin(devices, devices.c.id == _c.device_id)
)


class SqlSessions(SessionsPort):
    """A row a session; of those who write its next generation the first one finds it as it was."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def add(self, session: Session) -> None:
        values = {
            "id": session.id,
            "account_id": session.account_id,
            "scopes": scopes_text(session.scopes),
            "created_at": session.created_at,
            "expires_at": session.expires_at,
            "digest": session.digest,
            "generation": session.generation,
            "rotated_at": session.rotated_at,
            "device_id": session.device_id,
            "ended_at": session.ended_at,
            "ended_reason": session.ended_reason,
        }
        await self._statements.write(insert(sessions), values)

    async def standing(self, session_id: str) -> SessionWithAccount | None:
        row = await self._statements.row(_standing.where(_c.id == session_id))
        if row is None:
            return None
        device = row[_ACCOUNT_END:]
        return SessionWithAccount(
            _to_session(row[:_SESSION_END]),
            to_account(row[_SESSION_END:_ACCOUNT_END]),
            None if device[0] is None else to_device(device),
        )

    async def advance(self, session: Session) -> bool:
        statement = update(sessions).where(
            _c.id == session.id,
            _c.generation == session.generation - 1,
            _c.ended_at.is_(None),
        )
        met = await self._statements.write(
            statement.values(
                generation=session.generation,
                digest=session.digest,
                rotated_at=session.rotated_at,
                expires_at=session.expires_at,
            )
        )
        return met == 1

    async def end(self, session_id: str, reason: str, now: float) -> bool:
        statement = update(sessions).where(_c.id == session_id, _c.ended_at.is_(None))
        return await self._statements.write(statement.values(_end(reason, now))) == 1

    async def end_all(
        self, account_id: str, reason: str, now: float, *, device_id: str | None = None
    ) -> int:
        statement = update(sessions).where(_c.account_id == account_id, _c.ended_at.is_(None))
        if device_id is not None:
            statement = statement.where(_c.device_id == device_id)
        return await self._statements.write(statement.values(_end(reason, now)))

    async def prune(self, before: float, *, limit: int) -> int:
        is_over = or_(_c.expires_at < before, _c.ended_at < before)
        return await self._statements.remove(sessions, is_over, limit=limit)


def _to_session(values: Sequence[Any]) -> Session:
    session_id, account_id, scopes, *rest = values
    return Session(session_id, account_id, to_scopes(scopes), *rest)


def _end(reason: str, now: float) -> dict[str, object]:
    return {"ended_at": now, "ended_reason": reason}
