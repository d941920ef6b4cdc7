"""What may be done with copies of the durable database, put together."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.backups import SqliteBackups
from plg.application.backups.back_up import BackUp
from plg.application.backups.check_copy import CheckCopy
from plg.application.backups.restore import Restore
from plg.application.ports.clock import ClockPort
from plg.application.ports.gateways import GatewaysPort
from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.chain import LedgerChain


@dataclass(frozen=True, slots=True)
class BackupUseCases:
    """Copies are made, checked, and put back."""

    back_up: BackUp
    restore: Restore


def backup_use_cases(
    durable: AsyncEngine,
    in_use: tuple[Path, ...],
    gateways: GatewaysPort,
    keyring: Keyring,
    clock: ClockPort,
) -> BackupUseCases:
    backups = SqliteBackups(Path(durable.url.database or ""), in_use)
    check_copy = CheckCopy(LedgerChain(keyring), clock)
    return BackupUseCases(BackUp(backups, check_copy), Restore(backups, gateways, check_copy))
