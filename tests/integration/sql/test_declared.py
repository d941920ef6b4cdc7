"""Declared records from a database of others."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from plg.adapters.sql.declared import SqlSource, read_only_engine
from plg.application.ports.records.source import Fetched
from plg.domain.errors import SourceBroken, SourceFailed
from plg.domain.records.declared.keys import DeclaredKey, Fold, KeyRule, KeyType
from plg.domain.records.declared.resources import SqlLookup

NUMBER = KeyRule("id", KeyType.INTEGER)
QUERY = "SELECT id, name, price, since, note FROM customers WHERE id = :id"


class Open(Protocol):
    def __call__(self, query: str = ..., rule: KeyRule = ..., match: str = ...) -> SqlSource: ...


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE customers (id INTEGER, name TEXT COLLATE NOCASE, price, since, note)"
        )
        connection.executemany(
            "INSERT INTO customers VALUES (?, ?, ?, ?, ?)",
            [
                (42, "Ana", 1.5, "2026-01-31", None),
                (43, "Bob", 9e999, None, None),
                (44, "Cy", 1, None, b"\x00"),
                (45, "Di", 1, None, None),
                (45, "Di", 2, None, None),
            ],
        )
    return path


@pytest.fixture
async def sources(shop: Path) -> AsyncIterator[Open]:
    engine = read_only_engine(f"sqlite:///{shop}")

    def open_(query: str = QUERY, rule: KeyRule = NUMBER, match: str = "id") -> SqlSource:
        return SqlSource(engine, SqlLookup(query, match), rule, 5.0)

    yield open_
    await engine.dispose()


async def test_a_row_is_the_record(sources: Open) -> None:
    answer = await sources().fetch(DeclaredKey("42"))

    assert isinstance(answer, Fetched)
    assert answer.record.document == (
        b'{"id":42,"name":"Ana","price":1.5,"since":"2026-01-31","note":null}'
    )


async def test_no_row_is_no_match(sources: Open) -> None:
    assert await sources().fetch(DeclaredKey("1")) is None


@pytest.mark.parametrize("key", ["43", "44", "45"])
async def test_a_row_that_cannot_be_shown_or_two_break_the_contract(
    sources: Open, key: str
) -> None:
    with pytest.raises(SourceBroken):
        await sources().fetch(DeclaredKey(key))


async def test_a_collation_that_folds_matches_no_other_key(sources: Open) -> None:
    by_name = sources("SELECT name FROM customers WHERE name = :name", KeyRule("name"), "name")

    with pytest.raises(SourceBroken):
        await by_name.fetch(DeclaredKey("ANA"))


async def test_a_key_that_is_folded_matches_a_row_that_folds_alike(sources: Open) -> None:
    rule = KeyRule("name", fold=Fold.LOWER)
    by_name = sources("SELECT name FROM customers WHERE name = :name", rule, "name")

    assert await by_name.fetch(rule.parse("ANA")) is not None


@pytest.mark.parametrize("key", ["' OR 1=1 --", "42abc", "42; DROP TABLE customers", '"'])
async def test_a_key_is_a_value_and_never_sql(sources: Open, key: str) -> None:
    as_text = sources("SELECT id FROM customers WHERE id = :id", KeyRule("id"))

    assert await as_text.fetch(DeclaredKey(key)) is None


async def test_a_query_that_is_wrong_fails(sources: Open) -> None:
    with pytest.raises(SourceFailed):
        await sources("SELECT nothing FROM customers WHERE id = :id").fetch(DeclaredKey("42"))


async def test_nothing_can_be_written(shop: Path) -> None:
    engine = read_only_engine(f"sqlite:///{shop}")
    async with engine.connect() as connection:
        with pytest.raises(OperationalError, match="readonly"):
            await connection.execute(text("DELETE FROM customers"))
    await engine.dispose()


async def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    engine = read_only_engine(f"sqlite:///{tmp_path}/none.db")

    with pytest.raises(SourceFailed):
        await SqlSource(engine, SqlLookup(QUERY, "id"), NUMBER, 5.0).fetch(DeclaredKey("1"))
    await engine.dispose()
    for thread in threading.enumerate():
        if "_connection_worker" in thread.name:  # the driver does not wait for it
            await asyncio.to_thread(thread.join, 5)
    assert not (tmp_path / "none.db").exists()
