"""The ledger of a data folder, for measurements: filled, counted, and what a commit costs."""

import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path

from bench.identities import keyring_of
from bench.records import player_id
from plg.adapters.sql.ledger.group_commit.books import Books
from plg.adapters.sql.ledger.group_commit.file import LedgerFile
from plg.domain.ids import new_id
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.usage import Asked, Charge
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered, Unit
from plg.domain.plans.tariffs import Tariff

_GROUP = 10_000
_COMMITS = 200
_PRICE = 30_000_000
_TARIFF = Tariff("enterprise", 1, Currency("EUR"), Unit.REQUEST, dict.fromkeys(Metered, _PRICE))


def fill(data: Path, account_id: str, count: int) -> None:
    """Write so many records of an account, sealed and summed up as the ledger does it."""
    chain = LedgerChain(keyring_of(data))
    with closing(LedgerFile(data / "db.sqlite3").connect()) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for written in range(0, count, _GROUP):
            connection.execute("BEGIN IMMEDIATE")
            _fill_group(connection, chain, account_id, min(_GROUP, count - written))
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def records(data: Path) -> int:
    """Count the records of all accounts, from how far each has come."""
    with closing(sqlite3.connect(data / "db.sqlite3")) as connection:
        query = "SELECT coalesce(sum(last_sequence), 0) FROM ledger_accounts"
        return int(connection.execute(query).fetchone()[0])


def synced_commit_seconds(folder: Path) -> float:
    """Measure what one row in a transaction of its own costs there, on disk when it returns."""
    file = folder / "commits.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, text TEXT)")
        took = []
        for _ in range(_COMMITS):
            begun = time.perf_counter()
            connection.execute("INSERT INTO rows (text) VALUES ('what a row may hold')")
            took.append(time.perf_counter() - begun)
    return statistics.median(took)


def _fill_group(
    connection: sqlite3.Connection, chain: LedgerChain, account_id: str, count: int
) -> None:
    now = time.time()
    books = Books(connection, chain, now)
    charges = [Charge(_asked(account_id, now, number), Metered.HIT) for number in range(count)]
    books.open([each.asked for each in charges])
    for charge in charges:
        books.decide(charge, "bench")
    books.write()


def _asked(account_id: str, now: float, number: int) -> Asked:
    request_id = f"bench-{number:012d}"
    return Asked(
        new_id(now), account_id, None, "players", player_id(number), None, now, request_id, _TARIFF
    )
