"""What gateways and commands begin with."""

import asyncio
from pathlib import Path

import pytest

from plg.container import Container, close, prepare
from plg.settings import Settings


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder as the first start leaves it, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")

    async def migrate() -> None:
        container = Container(settings=Settings.from_env({"DATA_DIR": str(folder)}))
        await prepare(container)
        await close(container)

    asyncio.run(migrate())
    return folder
