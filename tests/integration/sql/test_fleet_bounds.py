"""Accounts of before are bound where they have a fleet, and open where they have none."""

from pathlib import Path

from sqlalchemy import text

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.migrations import upgrade
from plg.adapters.sql.database.versions import Line
from tests.integration.sql.database import url_of


async def test_who_has_a_fleet_is_bound(path: Path) -> None:
    engine = create_durable_engine(url_of(path))
    await upgrade(engine, Line.DURABLE, "durable_0012")
    async with engine.begin() as connection:
        for pair in ("'01A', 'F1'", "'01A', 'F2'", "'01B', 'F1'"):
            await connection.execute(text(f"INSERT INTO account_fleets VALUES ({pair})"))
    await upgrade(engine, Line.DURABLE)
    async with engine.connect() as connection:
        bound = (await connection.execute(text("SELECT * FROM fleet_bound_accounts"))).all()
    await engine.dispose()

    assert sorted(row[0] for row in bound) == ["01A", "01B"]
