"""What is billable, written down before it is answered."""

from dependency_injector import containers, providers
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.ledger.file import LedgerFile
from plg.adapters.sql.ledger.ledger import SqliteLedger
from plg.adapters.sql.ledger_books import SqlLedgerBooks
from plg.application.access.count_usage import CountUsage
from plg.application.billing.verify_ledger import VerifyLedger
from plg.application.ports.clock import ClockPort
from plg.domain.ledger_chain import LedgerChain
from plg.settings import Settings


class LedgerContainer(containers.DeclarativeContainer):
    """
    The ledger, and what checks it.

    The ledger writes once `start` was called on it, on the event loop; `close` ends that.
    """

    settings: providers.Dependency[Settings] = providers.Dependency()
    clock: providers.Dependency[ClockPort] = providers.Dependency()
    durable_engine: providers.Dependency[AsyncEngine] = providers.Dependency()
    access = providers.DependenciesContainer()
    storage = settings.provided.storage

    ledger = providers.Singleton(
        SqliteLedger,
        providers.Factory(LedgerFile.of, durable_engine.provided.url, storage.ledger_durability),
        access.keyring,
        providers.Callable(lambda path: path / "given_up", storage.data_dir),
        clock,
    )
    count_usage = providers.Singleton(CountUsage, ledger)
    verify_ledger = providers.Singleton(
        VerifyLedger,
        providers.Factory(SqlLedgerBooks, durable_engine),
        providers.Factory(LedgerChain, access.keyring),
    )
