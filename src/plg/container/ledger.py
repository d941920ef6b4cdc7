"""What is billable, written down before it is answered."""

import asyncio

from dependency_injector import containers, providers
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.files.archives import GzipArchives
from plg.adapters.sql.ledger.group_commit.file import LedgerFile
from plg.adapters.sql.ledger.group_commit.ledger import SqliteLedger
from plg.adapters.sql.ledger.ledger_books import SqlLedgerBooks
from plg.application.health.background import Background
from plg.application.ledger.archive_ledger import ArchiveLedger
from plg.application.ledger.count_free_usage import CountFreeUsage, FreeUsageTally
from plg.application.ledger.count_usage import CountUsage
from plg.application.ledger.erase_in_archives import EraseInArchives
from plg.application.ledger.erase_record_key import EraseRecordKey
from plg.application.ledger.remove_archived import RemoveArchived
from plg.application.ledger.show_free_usage import ShowFreeUsage
from plg.application.ledger.verify_archive import VerifyArchive
from plg.application.ledger.verify_ledger import VerifyLedger
from plg.application.ledger.write_archive import WriteArchive
from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.domain.ledger.chain import LedgerChain
from plg.settings import Settings


class LedgerContainer(containers.DeclarativeContainer):
    """
    The ledger, and what checks it.

    The ledger writes once `start` was called on it, on the event loop; `close` ends that.
    """

    settings: providers.Dependency[Settings] = providers.Dependency()
    clock: providers.Dependency[ClockPort] = providers.Dependency()
    observer: providers.Dependency[ObserverPort] = providers.Dependency()
    background: providers.Dependency[Background] = providers.Dependency()
    durable_engine: providers.Dependency[AsyncEngine] = providers.Dependency()
    access = providers.DependenciesContainer()
    storage = settings.provided.storage

    ledger = providers.Singleton(
        SqliteLedger,
        providers.Factory(LedgerFile.of, durable_engine.provided.url, storage.ledger_durability),
        access.keyring,
        providers.Callable(lambda path: path / "given_up", storage.data_dir),
        clock,
        background.provided.ended,
    )
    count_usage = providers.Singleton(CountUsage, ledger)
    free_usage = providers.Singleton(FreeUsageTally)
    count_free_usage = providers.Singleton(CountFreeUsage, free_usage, access.work, clock, observer)
    show_unbilled = providers.Singleton(ShowFreeUsage, access.work)

    books = providers.Singleton(SqlLedgerBooks, durable_engine)
    chain = providers.Singleton(LedgerChain, access.keyring)
    archive_files = providers.Singleton(GzipArchives)
    sleep = providers.Object(asyncio.sleep)
    verify_ledger = providers.Singleton(VerifyLedger, books, chain, clock)
    verify_archive = providers.Singleton(VerifyArchive, archive_files, chain)
    archive_ledger = providers.Singleton(
        ArchiveLedger,
        access.work,
        books,
        providers.Singleton(WriteArchive, books, archive_files, verify_archive, chain, clock),
        providers.Singleton(RemoveArchived, access.work, archive_files, sleep),
        clock,
    )
    erase_record_key = providers.Singleton(
        EraseRecordKey,
        access.work,
        books,
        chain,
        providers.Singleton(EraseInArchives, archive_files, chain),
        clock,
        sleep,
    )
