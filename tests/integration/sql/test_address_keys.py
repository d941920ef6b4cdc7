"""Accounts of older rules get keys by which they are found."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.migrations import downgrade, upgrade
from plg.adapters.sql.database.versions import Line
from tests.integration.sql.database import url_of

FORMER = {
    "01A": ("Ana@Straße.example", "ana@strasse.example"),
    "01B": ("ana@strasse.example.", "ana@strasse.example."),
    "01C": ("ben@xn--bcher-kva.example", "ben@xn--bcher-kva.example"),
    "01D": ("Ben@Bücher.example", "ben@bücher.example"),
    "01E": ("cleo@example.org", "cleo@example.org"),
    "01F": ("dan@my_host.local", "dan@my_host.local"),
}
KEYS = {
    "01A": "ana@straße.example",
    "01B": "ana@strasse.example",
    "01C": "ben@xn--bcher-kva.example",
    "01D": "ben@bücher.example",
    "01E": "cleo@example.org",
    "01F": "dan@my_host.local",
}


@pytest.fixture
async def engine(path: Path) -> AsyncIterator[AsyncEngine]:
    """A database of before, with accounts and a mailed link each."""
    engine = create_durable_engine(url_of(path))
    await upgrade(engine, Line.DURABLE, "durable_0009")
    async with engine.begin() as connection:
        for account_id, (email, key) in FORMER.items():
            values = {"id": account_id, "email": email, "key": key, "digest": account_id.encode()}
            await connection.execute(
                text(
                    "INSERT INTO accounts (id, email, role, is_active, is_verified, created_at,"
                    " email_key) VALUES (:id, :email, 'user', 1, 1, 1.0, :key)"
                ),
                values,
            )
            await connection.execute(
                text("INSERT INTO mailed_links VALUES (:digest, 'verify_email', :id, :key, 9e9)"),
                values,
            )
    yield engine
    await engine.dispose()


async def keys_in(engine: AsyncEngine, table: str, column: str) -> dict[str, str]:
    async with engine.connect() as connection:
        rows = await connection.execute(text(f"SELECT {column}, email_key FROM {table}"))
        return {row[0]: row[1] for row in rows}


async def test_each_account_is_found_by_its_address(engine: AsyncEngine) -> None:
    await upgrade(engine, Line.DURABLE)

    assert await keys_in(engine, "accounts", "id") == KEYS


async def test_links_that_were_mailed_before_go_on_working(engine: AsyncEngine) -> None:
    await upgrade(engine, Line.DURABLE)

    assert await keys_in(engine, "mailed_links", "account_id") == KEYS


async def test_the_way_back_leads_to_the_former_keys(engine: AsyncEngine) -> None:
    await upgrade(engine, Line.DURABLE)
    await downgrade(engine, Line.DURABLE, "durable_0009")

    former = {account_id: key for account_id, (_, key) in FORMER.items()}
    assert await keys_in(engine, "accounts", "id") == former
