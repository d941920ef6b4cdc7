"""A process on a cache database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.sql.database import Process, running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache.sqlite3"


@pytest.fixture
async def process(path: Path) -> AsyncIterator[Process]:
    async with running(path) as process:
        yield process
