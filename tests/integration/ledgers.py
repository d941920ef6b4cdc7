"""The ledger's own rules, applied to a database at once."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from plg.adapters.sql.ledger.group_commit.books import Books
from plg.adapters.sql.ledger.group_commit.file import Durability, LedgerFile
from plg.adapters.sql.ledger.group_commit.server import ServerStore
from plg.adapters.sql.ledger.group_commit.session import Session
from plg.adapters.sql.ledger.group_commit.sqlite import SqliteSession
from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.metering import Undecided
from plg.domain.ledger.usage import Operation
from tests.fakes.clock import NOON

CHAIN = LedgerChain(Keyring("x" * 32))


@contextmanager
def _transaction(place: Path | str) -> Iterator[Session]:
    with closing(_session(place)) as session:
        session.begin()
        yield session
        session.commit()


def _session(place: Path | str) -> Session:
    if isinstance(place, Path):
        return SqliteSession(LedgerFile(place, Durability.NORMAL).connect())
    return ServerStore(make_url(place)).connect()


def write(
    place: Path | str,
    operations: Iterable[Operation],
    chain: LedgerChain = CHAIN,
    *,
    may_refuse: bool = False,
) -> None:
    """Have operations decided and written, each as a group of its own."""
    with _transaction(place) as session:
        for operation in operations:
            books = Books(session, chain, NOON)
            books.open([operation.asked])
            verdict = books.decide(operation, "01TEST")
            assert not isinstance(verdict, Undecided)
            assert may_refuse or not isinstance(verdict, Exception)
            books.write()


def take_back(
    place: Path | str, record_id: str, void_id: str, at: float, chain: LedgerChain = CHAIN
) -> None:
    """Make a record void."""
    with _transaction(place) as session:
        books = Books(session, chain, at)
        (record,) = books.standing_records([record_id])
        books.open([], [record])
        books.void(record, void_id)
        books.write()
