"""Counters of before keep their counts where they are counted by resource."""

from pathlib import Path

from sqlalchemy import text

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.migrations import downgrade, upgrade
from plg.adapters.sql.database.versions import Line
from tests.integration.sql.database import url_of

BEFORE = (
    "INSERT INTO ledger_days VALUES ('01A', 5, 7, 2)",
    "INSERT INTO ledger_day_vins VALUES ('01A', 5, 'V1')",
    "INSERT INTO reservations VALUES ('01A', '01R', '01I', 9, 5, 'V1', 1, 0, 'EUR', NULL)",
    "INSERT INTO reservations VALUES ('01A', '01S', '01I', 9, 5, NULL, 1, 0, 'EUR', NULL)",
    """INSERT INTO notices VALUES ('01A', 'requests_per_day', 5, 50, '01N', 1.5, '5', '10', NULL,
    'delivered', 1, NULL, NULL, NULL, 2.5, 'waiting', 0, 3.5, NULL, NULL, NULL)""",
)
TABLES = ("ledger_days", "ledger_day_vins", "reservations", "notices")


async def test_counts_are_kept_up_and_down(path: Path) -> None:
    engine = create_durable_engine(url_of(path))

    async def rows(query: str) -> list[tuple[object, ...]]:
        async with engine.begin() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    await upgrade(engine, Line.DURABLE, "durable_0015")
    async with engine.begin() as connection:
        for statement in BEFORE:
            await connection.execute(text(statement))
    before = [await rows(f"SELECT * FROM {table}") for table in TABLES]
    await upgrade(engine, Line.DURABLE)

    assert await rows("SELECT * FROM ledger_days") == [("01A", 5, "", 7, 2)]
    assert await rows("SELECT * FROM ledger_day_vins") == [("01A", 5, "V1", "vin", 0)]
    spaces = await rows("SELECT id, resource, space FROM reservations ORDER BY id")
    assert spaces == [("01R", "", "vin"), ("01S", "", None)]
    assert await rows("SELECT kind, resource, percent, mail_done_at FROM notices") == [
        ("requests_per_day", "", 50, 2.5)
    ]
    async with engine.begin() as connection:
        for statement in (
            "INSERT INTO ledger_days VALUES ('01A', 5, 'products', 3, 1)",
            "INSERT INTO ledger_day_vins VALUES ('01A', 5, 'V1', 'sku', 9)",
        ):
            await connection.execute(text(statement))
    await downgrade(engine, Line.DURABLE, "durable_0015")

    before[0] = [("01A", 5, 10, 3)]
    assert [await rows(f"SELECT * FROM {table}") for table in TABLES] == before
    await engine.dispose()
