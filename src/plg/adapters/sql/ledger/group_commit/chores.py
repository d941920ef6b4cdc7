"""Heartbeats, and giving back what processes that died had reserved."""

from typing import Final

from plg.adapters.sql.ledger.group_commit.session import Bulk, Session, delete
from plg.domain.instants import AHEAD_SECONDS
from plg.domain.limits.rates import DAY_SECONDS

HEARTBEAT_SECONDS: Final = 2.4
DEAD_SECONDS: Final = 7.0
"""Past three heartbeats that did not come, and swept by the next one of a sibling: within 10 s."""

_ROWS_MAX: Final = 1000
_VIN_DAYS: Final = 2
_LIVES: Final = Bulk("incarnations", ("id", "started_at", "seen_at"), ("id",), {"seen_at": "new"})


def beat(session: Session, incarnation: str, started_at: float, now: float) -> None:
    """Say that this process lives."""
    _LIVES.write(session, [(incarnation, started_at, now)])


def sweep(session: Session, now: float) -> None:
    """
    Give back what is past its deadline or was reserved by a process that died.

    Where the clock was set back, a process counts as dead until its next heartbeat: what it
    still settles is decided anew.

    Also forgets idempotency keys after their time, and which distinct records were seen on days
    that are over; as many rows at once as take no time.
    """
    mark = session.dialect.mark
    dead = f"seen_at NOT BETWEEN {mark} AND {mark}"
    bounds = (now - DEAD_SECONDS, now + AHEAD_SECONDS)
    _remove(session, "incarnations", ("id",), dead, bounds)
    lost = f"deadline <= {mark} OR incarnation NOT IN (SELECT id FROM incarnations)"  # noqa: S608 - constants
    _remove(session, "reservations", ("account_id", "id"), lost, (now,))
    keys = ("account_id", "idempotency_key")
    _remove(session, "idempotency", keys, f"expires_at <= {mark}", (now,))
    over = int(now // DAY_SECONDS) - _VIN_DAYS
    seen = ("account_id", "day", "vin", "space")
    _remove(session, "ledger_day_vins", seen, f"day < {mark}", (over,))


def leave(session: Session, incarnation: str) -> None:
    """Give back what this process reserved, and say that it is gone."""
    mark = session.dialect.mark
    session.run(f"DELETE FROM reservations WHERE incarnation = {mark}", (incarnation,))  # noqa: S608 - constants
    session.run(f"DELETE FROM incarnations WHERE id = {mark}", (incarnation,))  # noqa: S608 - constants


def _remove(
    session: Session, table: str, keys: tuple[str, ...], where: str, values: tuple[object, ...]
) -> None:
    """Remove some rows; those that others hold just now are left to them."""
    held = "FOR UPDATE SKIP LOCKED" if session.dialect.is_shared else ""
    names = ", ".join(keys)
    found = session.rows(
        f"SELECT {names} FROM {table} WHERE {where} LIMIT {_ROWS_MAX} {held}",  # noqa: S608 - constants
        values,
    )
    delete(session, table, keys, found)
