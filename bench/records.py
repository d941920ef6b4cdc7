"""Seeded players, the same for every peer, written straight into a peer's SQLite file."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

API_KEY = "bench-key-0123456789abcdef0123456789abcdef"
KEY_HEADER = {"X-API-Key": API_KEY}
PLAYER_PATH = "/api/v1/players/"
DAY_SECONDS = 86_400
_SYNCED_AT = "2026-01-01T00:00:00.000000Z"
_MARK = "@number@"

_PAYLOAD = json.dumps(
    {
        "killer_bi_id": f"KB-{_MARK}",
        "nick": f"player-{_MARK}",
        "email": f"player-{_MARK}@example.com",
        "rank": 1742.125,
        "region": "eu-west",
        "stats": {"wins": 812, "losses": 790, "draws": 17, "ratio": 0.5068664169787765},
        "inventory": [{"item": f"item-{slot}", "count": slot} for slot in range(8)],
        "about": "A record of the size that a game's profile service sends. " * 2,
    },
    separators=(",", ":"),
)


def player_id(number: int) -> str:
    """Return the id under which a player is known."""
    return f"KB-{number:06d}"


def payload(number: int) -> str:
    """Return the source's own record as JSON."""
    return _PAYLOAD.replace(_MARK, f"{number:06d}")


def body(number: int) -> bytes:
    """Return the answer that PLG gives for this player."""
    return (
        f'{{"killer_bi_id":"{player_id(number)}","nick":"player-{number:06d}",'
        f'"big_payload":{payload(number)},"synced_at":"{_SYNCED_AT}"}}'
    ).encode()


def fill_gateway(file: Path, count: int) -> None:
    """Fill a cache file that the gateway has migrated."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            "INSERT OR REPLACE INTO cache_entries (resource, record_key, body, etag, validator,"
            " fetched_at, validated_at, ttl, expires_at) VALUES ('players',?,?,?,NULL,?,?,?,?)",
            _entries(count),
        )
        connection.execute("ANALYZE")


def fill_plain(file: Path, count: int) -> None:
    """Fill the table that the plain version and Django read."""
    until = time.time() + DAY_SECONDS
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE players (killer_bi_id VARCHAR(128) PRIMARY KEY, nick TEXT,"
            " big_payload JSON NOT NULL, synced_at TEXT NOT NULL, expires_at FLOAT NOT NULL)"
        )
        connection.executemany(
            "INSERT INTO players VALUES (?,?,?,?,?)",
            (
                (player_id(n), f"player-{n:06d}", payload(n), _SYNCED_AT, until)
                for n in range(1, count + 1)
            ),
        )


def _entries(count: int) -> Iterator[tuple[object, ...]]:
    now = time.time()
    for number in range(1, count + 1):
        encoded = body(number)
        etag = f'"{hashlib.sha256(encoded).hexdigest()[:32]}"'
        yield player_id(number), encoded, etag, now, now, DAY_SECONDS, now + 2 * DAY_SECONDS
