"""Have the databases ready before anybody asks."""

from pathlib import Path

import structlog
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.database import versions
from plg.adapters.sql.database.cache_file import is_usable, set_aside
from plg.adapters.sql.database.files import check_ours
from plg.adapters.sql.database.versions import Line
from plg.domain.errors import StorageUnavailable

_log = structlog.get_logger("plg.storage")


async def prepare_durable(engine: AsyncEngine) -> None:
    """
    Migrate the embedded database of what must not be lost; a new file is its owner's only.

    Raises:
        StorageUnavailable: If it cannot be opened or migrated, or is a file of others.
    """
    path = _make_folder(engine)
    check_ours(path, Line.DURABLE)
    _make_file(path)
    await _migrate(engine, Line.DURABLE)


async def check_writable(engine: AsyncEngine) -> None:
    """
    Write to a migrated durable database, without a change to what it says.

    Raises:
        StorageUnavailable: If it cannot be written: read-only, full, or locked by others.
    """
    try:
        async with engine.begin() as connection:
            await connection.execute(
                text("UPDATE plg_durable_version SET version_num = version_num")
            )
    except SQLAlchemyError as error:
        where = make_url(str(engine.url)).database
        raise StorageUnavailable(
            f"the database {where} cannot be written: {getattr(error, 'orig', error)}. What is "
            "billable could not be recorded: see to the rights of the file and its folder, to free "
            "space, and that no other program keeps it locked"
        ) from error


async def prepare_cache(engine: AsyncEngine, *, sets_aside: bool = True) -> None:
    """
    Migrate the embedded cache; one that is damaged or of another version is set aside first.

    A new one is its owner's only, too: it holds what only the source's clients may know. Without
    `sets_aside` a file that cannot be used is refused, and stays where it is.

    Raises:
        StorageUnavailable: If it cannot be opened or migrated, or is a file of others.
    """
    path = _make_folder(engine)
    check_ours(path, Line.CACHE)
    if not is_usable(path, versions.revisions(Line.CACHE)):
        if not sets_aside:
            raise StorageUnavailable(
                f"the cache file {path} cannot be used: plg serve or plg migrate sets it aside"
            )
        _set_aside(path)
    _make_file(path)
    await _migrate(engine, Line.CACHE)


def _set_aside(path: Path) -> None:
    try:
        aside = set_aside(path)
    except OSError as error:
        raise StorageUnavailable(f"the file {path} cannot be set aside: {error}") from error
    _log.warning("cache file cannot be used and was set aside", file=str(path), now=str(aside))


def _make_folder(engine: AsyncEngine) -> Path:
    path = Path(make_url(str(engine.url)).database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnavailable(f"the folder {path.parent} cannot be made: {error}") from error
    return path


def _make_file(path: Path) -> None:
    try:
        if not path.exists():
            path.touch(mode=0o600)  # what SQLite puts beside it gets the same mode
    except OSError as error:
        raise StorageUnavailable(f"the file {path} cannot be made: {error}") from error


async def _migrate(engine: AsyncEngine, line: Line) -> None:
    where = make_url(str(engine.url)).database
    try:
        found, newest = await versions.current(engine, line), versions.head(line)
        if found == newest:
            return
        if versions.is_newer(line, found):
            raise StorageUnavailable(
                f"the database {where} is of a newer version of PLG: it is at {found}, and this "
                f"version knows no more than {newest}. Install the version that made it"
            )
        from plg.adapters.sql.database import migrations  # noqa: PLC0415 - see the docstring of versions.py

        await migrations.upgrade(engine, line)
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or error
        raise StorageUnavailable(f"the database {where} cannot be migrated: {reason}") from error
