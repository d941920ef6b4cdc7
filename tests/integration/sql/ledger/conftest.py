"""A migrated durable database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.contracts.works import copied, migrated
from tests.integration.sql.ledger.slow import SlowConnection


@pytest.fixture(scope="session")
def durable_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated(tmp_path_factory.mktemp("durable") / "template.sqlite3")


@pytest.fixture
def path(tmp_path: Path, durable_template: Path) -> Path:
    return copied(durable_template, tmp_path)


@pytest.fixture
def slow() -> Iterator[type[SlowConnection]]:
    SlowConnection.open_gate()
    yield SlowConnection
    SlowConnection.open_gate()
