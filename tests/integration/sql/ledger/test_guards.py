"""The database itself keeps usage records as they are."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.ledger.group_commit.file import LedgerFile
from plg.domain.ledger.chain import LedgerChain
from tests.fakes.usage import asked, charge
from tests.integration.sql.database import url_of
from tests.integration.sql.ledger.files import KEYRING, opened, records, rows, told, verified


@pytest.fixture
async def used(path: Path) -> Path:
    async with opened(path) as ledger:
        for number in range(3):
            await told(ledger, charge(asked(number)))
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE usage_records SET units = 0",
        "UPDATE usage_records SET record_key = 'other'",
        "UPDATE usage_records SET record_key = NULL",
        "UPDATE usage_records SET record_key = NULL, key_digest = x'00', units = 0",
        "UPDATE usage_records SET record_key = NULL, key_digest = x'00', key_id = NULL",
        "DELETE FROM usage_records",
        "INSERT OR REPLACE INTO usage_records SELECT * FROM usage_records",
        "REPLACE INTO usage_records SELECT * FROM usage_records LIMIT 1",
    ],
)
def test_records_are_only_added_to(used: Path, statement: str) -> None:
    before = rows(used, "SELECT * FROM usage_records")
    with (
        closing(LedgerFile(used).connect()) as connection,
        pytest.raises(sqlite3.IntegrityError, match="insert-only"),
    ):
        connection.execute(statement)

    assert rows(used, "SELECT * FROM usage_records") == before


async def test_a_record_is_not_replaced_through_an_engine_either(used: Path) -> None:
    engine = create_durable_engine(url_of(used))
    with pytest.raises(Exception, match="insert-only"):
        async with engine.begin() as connection:
            await connection.exec_driver_sql(
                "REPLACE INTO usage_records SELECT * FROM usage_records"
            )
    await engine.dispose()


async def test_a_record_key_can_be_erased_and_the_chain_holds(used: Path) -> None:
    record = records(used)[1]
    digest = LedgerChain(KEYRING).sealer().key_digest(record.id, record.record_key or "")
    erase = "UPDATE usage_records SET record_key = NULL, key_digest = ? WHERE sequence = 2"
    with closing(LedgerFile(used).connect()) as connection:
        connection.execute(erase, (digest,))
        with pytest.raises(sqlite3.IntegrityError, match="insert-only"):
            connection.execute(erase, (digest,))

    assert records(used)[1].record_key is None
    assert (await verified(used)).is_good
