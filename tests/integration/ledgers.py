"""The ledger's own rules, applied to a file at once."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from plg.adapters.sql.ledger.group_commit.books import Books
from plg.adapters.sql.ledger.group_commit.file import Durability, LedgerFile
from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.metering import Undecided
from plg.domain.ledger.usage import Operation
from tests.fakes.clock import NOON

CHAIN = LedgerChain(Keyring("x" * 32))


@contextmanager
def _transaction(path: Path) -> Iterator[sqlite3.Connection]:
    file = LedgerFile(path, Durability.NORMAL)
    with closing(file.connect()) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")


def write(
    path: Path,
    operations: Iterable[Operation],
    chain: LedgerChain = CHAIN,
    *,
    may_refuse: bool = False,
) -> None:
    """Have operations decided and written, each as a group of its own."""
    with _transaction(path) as connection:
        for operation in operations:
            books = Books(connection, chain, NOON)
            books.open([operation.asked])
            verdict = books.decide(operation, "01TEST")
            assert not isinstance(verdict, Undecided)
            assert may_refuse or not isinstance(verdict, Exception)
            books.write()


def take_back(
    path: Path, record_id: str, void_id: str, at: float, chain: LedgerChain = CHAIN
) -> None:
    """Make a record void."""
    with _transaction(path) as connection:
        books = Books(connection, chain, at)
        (record,) = books.standing_records([record_id])
        books.open([], [record])
        books.void(record, void_id)
        books.write()
