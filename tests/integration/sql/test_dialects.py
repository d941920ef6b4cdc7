"""What each database is told, where they differ."""

import pytest
from sqlalchemy.dialects import registry

from plg.adapters.sql.database.dialects import (
    add_up,
    hold,
    insert_missing,
    numbers_are_committed_in_order,
    survives_conflicts,
)
from plg.adapters.sql.identity.tables import known_places, signing_keys
from plg.adapters.sql.ledger.tables import free_usage_sums

DIALECTS = {name: registry.load(name)() for name in ("sqlite", "postgresql", "mysql")}


@pytest.mark.parametrize(
    ("dialect", "begin", "end"),
    [
        ("sqlite", "INSERT INTO", "ON CONFLICT DO NOTHING"),
        ("postgresql", "INSERT INTO", "ON CONFLICT DO NOTHING"),
        ("mysql", "INSERT INTO", "ON DUPLICATE KEY UPDATE account_id = known_places.account_id"),
    ],
)
def test_a_row_that_is_there_is_left_as_it_is(dialect: str, begin: str, end: str) -> None:
    text = str(insert_missing(dialect, known_places).compile(dialect=DIALECTS[dialect]))

    assert text.startswith(begin)
    assert text.endswith(end)


@pytest.mark.parametrize(
    ("dialect", "statements"),
    [
        ("sqlite", ()),
        ("mysql", ()),
        ("postgresql", ("LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE",)),
    ],
)
def test_a_table_is_held_where_a_transaction_does_not_do_it(
    dialect: str, statements: tuple[str, ...]
) -> None:
    assert hold(dialect, signing_keys) == statements


def test_only_one_database_gives_a_transaction_up_when_a_row_is_taken() -> None:
    assert [survives_conflicts(each) for each in ("sqlite", "mysql", "postgresql")] == [
        True,
        True,
        False,
    ]


def test_only_a_single_writer_commits_numbers_in_order() -> None:
    assert [numbers_are_committed_in_order(each) for each in ("sqlite", "mysql", "postgresql")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("dialect", "end"),
    [
        ("sqlite", "DO UPDATE SET count = (free_usage_sums.count + excluded.count)"),
        ("postgresql", "DO UPDATE SET count = (free_usage_sums.count + excluded.count)"),
        ("mysql", "ON DUPLICATE KEY UPDATE count = (free_usage_sums.count + VALUES(count))"),
    ],
)
def test_a_sum_that_is_there_is_added_to(dialect: str, end: str) -> None:
    statement = add_up(dialect, free_usage_sums, free_usage_sums.c["count"])

    assert str(statement.compile(dialect=DIALECTS[dialect])).endswith(end)
