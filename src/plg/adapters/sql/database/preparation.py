"""Have the databases ready before anybody asks."""

import asyncio
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.database import versions
from plg.adapters.sql.database.cache_file import is_usable, set_aside
from plg.adapters.sql.database.dialects import is_embedded
from plg.adapters.sql.database.files import check_ours
from plg.adapters.sql.database.versions import Line
from plg.domain.errors import StorageUnavailable

RETRY_SECONDS: Final = 0.5
_log = structlog.get_logger("plg.storage")


async def prepare_durable(engine: AsyncEngine) -> None:
    """
    Migrate the embedded database of what must not be lost; a new file is its owner's only.

    One on a server is migrated by a command of its own, since others may serve from it.

    Raises:
        StorageUnavailable: If it cannot be opened or migrated, is a file of others, or is on a
            server and not migrated.
    """
    if not is_embedded(engine):
        await check_current(engine, Line.DURABLE)
        return
    path = _make_folder(engine)
    check_ours(path, Line.DURABLE)
    _make_file(path)
    await migrate(engine, Line.DURABLE)


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
        StorageUnavailable: As above.
    """
    if not is_embedded(engine):
        await check_current(engine, Line.CACHE)
        return
    path = _make_folder(engine)
    check_ours(path, Line.CACHE)
    if not is_usable(path, versions.revisions(Line.CACHE)):
        if not sets_aside:
            raise StorageUnavailable(
                f"the cache file {path} cannot be used: plg serve or plg migrate sets it aside"
            )
        _set_aside(path)
    _make_file(path)
    await migrate(engine, Line.CACHE)


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


async def await_server(engine: AsyncEngine, seconds: float) -> None:
    """
    Wait until a database's server answers.

    Raises:
        StorageUnavailable: If it does not within so many seconds.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            async with engine.connect():
                return
        except (SQLAlchemyError, OSError) as error:
            if asyncio.get_running_loop().time() + RETRY_SECONDS > deadline:
                raise StorageUnavailable(_unreachable(engine, error)) from error
            _log.info("waiting for the database", database=engine.url.database)
            await asyncio.sleep(RETRY_SECONDS)


async def check_current(engine: AsyncEngine, line: Line) -> None:
    """
    Refuse a database on a server that is not at this version's schema.

    Raises:
        StorageUnavailable: If it is not, or does not answer.
    """
    found = await _found(engine, line)
    if found != versions.head(line):
        where = engine.url.database
        at = "has no tables of PLG yet" if found is None else f"is at {found}"
        raise StorageUnavailable(
            f"the {line} database {where} {at}, and this version needs {versions.head(line)}: "
            "run `plg migrate`"
        )


async def migrate(engine: AsyncEngine, line: Line) -> None:
    """
    Bring a database to this version's schema.

    Raises:
        StorageUnavailable: If it cannot be reached or migrated, or is of a newer version.
    """
    if await _found(engine, line) == versions.head(line):
        return
    from plg.adapters.sql.database import migrations  # noqa: PLC0415 - see the docstring of versions.py

    try:
        await migrations.upgrade(engine, line)
    except (SQLAlchemyError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        where = engine.url.database
        raise StorageUnavailable(f"the database {where} cannot be migrated: {reason}") from error


async def _found(engine: AsyncEngine, line: Line) -> str | None:
    try:
        found = await versions.current(engine, line)
    except (SQLAlchemyError, OSError) as error:
        raise StorageUnavailable(_unreachable(engine, error)) from error
    if versions.is_newer(line, found):
        raise StorageUnavailable(
            f"the database {engine.url.database} is of a newer version of PLG: it is at {found}, "
            f"and this version knows no more than {versions.head(line)}. Install the version that "
            "made it"
        )
    return found


def _first_line(reason: object) -> str:
    """Return what a driver says, without the hints that some add below it."""
    parts: tuple[object, ...] = getattr(reason, "args", ())
    text = str(parts[1] if len(parts) > 1 else reason)
    return text.splitlines()[0] if text else type(reason).__name__


def _unreachable(engine: AsyncEngine, error: Exception) -> str:
    where, reason = engine.url.database, getattr(error, "orig", None) or error
    if is_embedded(engine):
        return f"the database {where} cannot be migrated: {reason}"
    return f"the database {where} at {engine.url.host} cannot be used: {_first_line(reason)}"
