"""Backups of the durable database."""

from pathlib import Path

from dependency_injector import containers, providers
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.backups import SqliteBackups
from plg.application.backups.back_up import BackUp
from plg.application.backups.check_copy import CheckCopy
from plg.application.backups.restore import Restore
from plg.application.ports.clock import ClockPort
from plg.application.ports.gateways import GatewaysPort


def _backups(durable: AsyncEngine, in_use: tuple[Path, ...]) -> SqliteBackups:
    return SqliteBackups(Path(durable.url.database or ""), in_use)


class BackupsContainer(containers.DeclarativeContainer):
    """Makes copies of the database, and puts them back."""

    clock: providers.Dependency[ClockPort] = providers.Dependency()
    durable_engine: providers.Dependency[AsyncEngine] = providers.Dependency()
    in_use: providers.Dependency[tuple[Path, ...]] = providers.Dependency()
    ledger = providers.DependenciesContainer()
    gateways: providers.Dependency[GatewaysPort] = providers.Dependency()

    backups = providers.Singleton(_backups, durable_engine, in_use)
    check_copy = providers.Singleton(CheckCopy, ledger.chain, clock)
    back_up = providers.Singleton(BackUp, backups, check_copy)
    restore = providers.Singleton(Restore, backups, gateways, check_copy)
