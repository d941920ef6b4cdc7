"""
Where a database stands on its version line, told without loading the migration tool.

Loading it takes 10 MiB and a tenth of a second, which a start on a current database does not
need.
"""

import re
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

_PACKAGE = Path(__file__).parents[3]
_REVISION = re.compile(r"^revision = ['\"](\w+)['\"]$", re.MULTILINE)


class Line(StrEnum):
    """The two version lines: what must not be lost, and what can be fetched again."""

    DURABLE = "durable"
    CACHE = "cache"


def folder() -> Path:
    """Return where the migrations are: in the package, or beside it in a checkout."""
    packed = _PACKAGE / "alembic"
    return packed if packed.is_dir() else _PACKAGE.parents[1] / "alembic"


def revisions(line: Line) -> list[str]:
    """Return the line's revisions that this version knows, the newest last: files are numbered."""
    found = []
    for path in sorted((folder() / line).glob("[0-9]*.py")):
        match = _REVISION.search(path.read_text(encoding="utf-8"))
        if match is None:
            raise RuntimeError(f"{path} is no migration")
        found.append(match[1])
    return found


def head(line: Line) -> str:
    """Return the newest revision of the line that this version knows."""
    return revisions(line)[-1]


def is_newer(line: Line, revision: str | None) -> bool:
    """Tell whether a database is at a revision that only a newer version can know."""
    return revision is not None and revision not in revisions(line)


async def current(engine: AsyncEngine, line: Line) -> str | None:
    """Return the revision a database is at, or None before its first migration."""

    def read(connection: Connection) -> str | None:
        table = f"plg_{line}_version"
        if not inspect(connection).has_table(table):
            return None
        query = text(f"SELECT version_num FROM {table}")  # noqa: S608 - the name is ours
        revision: str | None = connection.scalar(query)
        return revision

    async with engine.connect() as connection:
        return await connection.run_sync(read)
