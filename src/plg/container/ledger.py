"""The ledger, and what may be done with it, put together."""

import asyncio
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.files.archives import GzipArchives
from plg.adapters.sql.database.dialects import is_embedded
from plg.adapters.sql.ledger.group_commit.file import LedgerFile
from plg.adapters.sql.ledger.group_commit.ledger import SqlLedger
from plg.adapters.sql.ledger.group_commit.server import ServerStore
from plg.adapters.sql.ledger.group_commit.sqlite import SqliteStore
from plg.adapters.sql.ledger.group_commit.store import LedgerStore
from plg.adapters.sql.ledger.ledger_books import SqlLedgerBooks
from plg.application.audited_change import AuditedChange
from plg.application.background import Background
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
from plg.application.ports.ledger.ledger import LedgerPort
from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.chain import LedgerChain
from plg.settings.concerns import StorageSettings


def ledger_of(
    storage: StorageSettings,
    durable: AsyncEngine,
    keyring: Keyring,
    clock: ClockPort,
    background: Background,
) -> SqlLedger:
    """Return a ledger: it writes from `start`, called on the event loop, until `close`."""
    store: LedgerStore
    if is_embedded(durable):
        file = LedgerFile.of(durable.url, storage.ledger_durability)
        store = SqliteStore(file, background.ended)
    else:
        store = ServerStore(durable.url)
    return SqlLedger(store, keyring, storage.data_dir / "given_up", clock, background.ended)


@dataclass(frozen=True, slots=True)
class LedgerUseCases:
    """Usage is counted, checked, archived and erased."""

    count_usage: CountUsage
    free_usage: FreeUsageTally
    count_free_usage: CountFreeUsage
    show_free_usage: ShowFreeUsage
    verify_ledger: VerifyLedger
    verify_archive: VerifyArchive
    archive_ledger: ArchiveLedger
    erase_record_key: EraseRecordKey


def ledger_use_cases(
    ledger: LedgerPort,
    changes: AuditedChange,
    durable: AsyncEngine,
    keyring: Keyring,
) -> LedgerUseCases:
    work, clock = changes.work, changes.clock
    books, chain, files = SqlLedgerBooks(durable), LedgerChain(keyring), GzipArchives()
    free_usage = FreeUsageTally()
    verify_archive = VerifyArchive(files, chain)
    archive = ArchiveLedger(
        changes,
        books,
        WriteArchive(books, files, verify_archive, chain, clock),
        RemoveArchived(work, files, asyncio.sleep),
    )
    return LedgerUseCases(
        CountUsage(ledger),
        free_usage,
        CountFreeUsage(free_usage, work, clock),
        ShowFreeUsage(work),
        VerifyLedger(books, chain, clock),
        verify_archive,
        archive,
        EraseRecordKey(changes, books, chain, EraseInArchives(files, chain), asyncio.sleep),
    )
