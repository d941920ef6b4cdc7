"""Heartbeats, and giving back what processes that died had reserved."""

import sqlite3
from typing import Final

from plg.domain.instants import AHEAD_SECONDS
from plg.domain.limits.rates import DAY_SECONDS

HEARTBEAT_SECONDS: Final = 2.4
DEAD_SECONDS: Final = 7.0
"""Past three heartbeats that did not come, and swept by the next one of a sibling: within 10 s."""

_ROWS_MAX: Final = 1000
_VIN_DAYS: Final = 2


def beat(connection: sqlite3.Connection, incarnation: str, started_at: float, now: float) -> None:
    """Say that this process lives."""
    connection.execute(
        "INSERT INTO incarnations (id, started_at, seen_at) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at",
        (incarnation, started_at, now),
    )


def sweep(connection: sqlite3.Connection, now: float) -> None:
    """
    Give back what is past its deadline or was reserved by a process that died.

    Where the clock was set back, a process counts as dead until its next heartbeat: what it
    still settles is decided anew.

    Also forgets idempotency keys after their time, and which distinct records were seen on days
    that are over; as many rows at once as take no time.
    """
    connection.execute(
        "DELETE FROM incarnations WHERE seen_at NOT BETWEEN ? AND ?",
        (now - DEAD_SECONDS, now + AHEAD_SECONDS),
    )
    connection.execute(
        "DELETE FROM reservations WHERE deadline <= ?"
        " OR incarnation NOT IN (SELECT id FROM incarnations)",
        (now,),
    )
    connection.execute(
        "DELETE FROM idempotency WHERE (account_id, idempotency_key) IN"
        " (SELECT account_id, idempotency_key FROM idempotency WHERE expires_at <= ? LIMIT ?)",
        (now, _ROWS_MAX),
    )
    connection.execute(
        "DELETE FROM ledger_day_vins WHERE (account_id, day, vin, space) IN"
        " (SELECT account_id, day, vin, space FROM ledger_day_vins WHERE day < ? LIMIT ?)",
        (int(now // DAY_SECONDS) - _VIN_DAYS, _ROWS_MAX),
    )


def leave(connection: sqlite3.Connection, incarnation: str) -> None:
    """Give back what this process reserved, and say that it is gone."""
    connection.execute("DELETE FROM reservations WHERE incarnation = ?", (incarnation,))
    connection.execute("DELETE FROM incarnations WHERE id = ?", (incarnation,))
