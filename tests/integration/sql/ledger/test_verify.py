"""Whoever tampers with the ledger is found out."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.verification.findings import Fault
from tests.fakes.usage import ANA, BEN, asked, charge
from tests.integration.contracts.works import copied
from tests.integration.sql.ledger.files import KEYRING, counted, opened, verified


@pytest.fixture(scope="module")
def used_template(tmp_path_factory: pytest.TempPathFactory, durable_template: Path) -> Path:
    path = copied(durable_template, tmp_path_factory.mktemp("used"))

    async def use() -> None:
        async with opened(path) as ledger:
            for number in range(1, 2511):
                what = asked(number, account=ANA if number % 251 else BEN, vin=f"V{number % 7}")
                ledger.submit(charge(what), lambda _: None)

    asyncio.run(use())
    return path


@pytest.fixture
def used(used_template: Path, tmp_path: Path) -> Path:
    """A ledger with 2,500 records of one account and 10 of another."""
    return copied(used_template, tmp_path)


def tamper(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


async def found(
    path: Path, keyring: Keyring = KEYRING
) -> list[tuple[str | None, Fault, int | None]]:
    report = await verified(path, keyring)
    assert report.is_good == (not report.differences)
    assert report.difference_count >= len(report.differences)
    return [(each.account_id, each.fault, each.sequence) for each in report.differences]


async def test_an_untouched_ledger_fits(used: Path) -> None:
    report = await verified(used)

    assert report.is_good
    assert (report.accounts, report.records) == (2, 2510)


async def test_an_empty_ledger_fits(path: Path) -> None:
    report = await verified(path)

    assert (report.is_good, report.accounts, report.records) == (True, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        "at = at + 1",
        "key_id = NULL",
        "record_key = 'other'",
        "request_id = 'other'",
        "mac = zeroblob(32)",
        "resource = 'static-dat', metered = 'ahit'",
    ],
)
async def test_a_record_that_was_changed_is_found(used: Path, change: str) -> None:
    tamper(
        used, f"UPDATE usage_records SET {change} WHERE account_id = '{ANA}' AND sequence = 1200"
    )

    all_found = await found(used)
    assert (ANA, Fault.CHANGED, 1200) in all_found
    assert {sequence for _, fault, sequence in all_found if fault is Fault.CHANGED} <= {1200, 1201}


@pytest.mark.parametrize("column", ["units", "unit_price"])
async def test_what_a_changed_record_costs_is_found_in_its_line_too(
    used: Path, column: str
) -> None:
    tamper(
        used,
        f"UPDATE usage_records SET {column} = {column} + 1"
        f" WHERE account_id = '{ANA}' AND sequence = 7",
    )

    assert {(ANA, Fault.CHANGED, 7), (ANA, Fault.LINE, None)} <= set(await found(used))


async def test_a_record_that_was_removed_is_found(used: Path) -> None:
    tamper(used, f"DELETE FROM usage_records WHERE account_id = '{ANA}' AND sequence = 1000")

    all_found = set(await found(used))
    assert {(ANA, Fault.MISSING, 1000), (ANA, Fault.CHANGED, 1001)} <= all_found
    assert {account for account, _, _ in all_found} == {ANA}


async def test_an_end_that_was_cut_off_is_found(used: Path) -> None:
    tamper(used, f"DELETE FROM usage_records WHERE account_id = '{BEN}' AND sequence > 8")

    all_found = set(await found(used))
    assert {(BEN, Fault.MISSING, 9), (BEN, Fault.HEAD, None)} <= all_found


async def test_a_record_that_was_added_is_found(used: Path) -> None:
    tamper(
        used,
        "INSERT INTO usage_records SELECT account_id, 11, '01FORGED', at, day, key_id, resource,"
        " record_key, metered, units, unit_price, currency, plan_code, plan_version, request_id,"
        " requests, vins, voids, 11, pepper_id, mac, key_digest FROM usage_records"
        f" WHERE account_id = '{BEN}' AND sequence = 10",
        f"UPDATE ledger_accounts SET last_sequence = 11 WHERE account_id = '{BEN}'",
    )

    assert (BEN, Fault.CHANGED, 11) in await found(used)


async def test_records_that_changed_places_are_found(used: Path) -> None:
    where = f"WHERE account_id = '{BEN}' AND sequence ="
    tamper(
        used,
        f"UPDATE usage_records SET sequence = 99 {where} 3",
        f"UPDATE usage_records SET sequence = 3 {where} 4",
        f"UPDATE usage_records SET sequence = 4 {where} 99",
    )

    assert {(BEN, Fault.CHANGED, 3), (BEN, Fault.CHANGED, 4)} <= set(await found(used))


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE ledger_days SET requests = requests - 1", Fault.DAY),
        ("UPDATE ledger_days SET vins = 0", Fault.DAY),
        ("DELETE FROM ledger_days", Fault.DAY),
        ("UPDATE ledger_lines SET units = units - 1", Fault.LINE),
        ("UPDATE ledger_lines SET records = records + 1", Fault.LINE),
        ("DELETE FROM ledger_lines", Fault.LINE),
        ("UPDATE ledger_accounts SET head = zeroblob(32)", Fault.HEAD),
        ("DELETE FROM ledger_accounts", Fault.UNKNOWN_ACCOUNT),
    ],
)
async def test_counters_that_were_changed_are_found(
    used: Path, statement: str, fault: Fault
) -> None:
    tamper(used, f"{statement} WHERE account_id = '{BEN}'")

    assert await found(used) == [(BEN, fault, None)]


async def test_days_that_were_not_counted_by_resource_fit(used: Path) -> None:
    before = f"UPDATE ledger_days SET resource = '' WHERE account_id = '{BEN}'"
    tamper(used, before)
    assert await found(used) == []

    tamper(used, "UPDATE ledger_days SET requests = requests + 1 WHERE resource = ''")
    assert await found(used) == [(BEN, Fault.DAY, None)]


async def test_a_count_under_another_resource_is_found(used: Path) -> None:
    tamper(used, f"UPDATE ledger_days SET resource = 'tags' WHERE account_id = '{BEN}'")

    assert {fault for _, fault, _ in await found(used)} == {Fault.DAY}


async def test_a_sum_without_records_is_found(used: Path) -> None:
    tamper(
        used,
        "INSERT INTO ledger_lines VALUES ('01ZED', 'EUR', 'players', 'hit', 1, 'basic', 1, 1, 1)",
        "INSERT INTO ledger_days VALUES ('01ZED', 1, '', 0, 0)",
    )

    assert await found(used) == [
        ("01ZED", Fault.UNKNOWN_ACCOUNT, None),
        ("01ZED", Fault.LINE, None),
    ]


async def test_bounds_of_a_group_that_were_changed_are_found(used: Path) -> None:
    tamper(
        used,
        f"UPDATE usage_records SET group_first = 5 WHERE account_id = '{BEN}' AND sequence = 9",
    )

    assert (BEN, Fault.GROUP, 9) in await found(used)


async def test_records_of_a_secret_that_is_not_set_are_said_once(used: Path) -> None:
    assert await found(used, Keyring("y" * 32)) == [
        (ANA, Fault.UNKNOWN_SECRET, 1),
        (BEN, Fault.UNKNOWN_SECRET, 1),
    ]
    assert await found(used, Keyring("y" * 32, ("x" * 32,))) == []


async def test_what_is_said_to_be_billed_is_in_a_statement(used: Path) -> None:
    tamper(used, f"UPDATE ledger_accounts SET billed_to = 10 WHERE account_id = '{BEN}'")

    (difference,) = (await verified(used)).differences
    assert (difference.account_id, difference.fault) == (BEN, Fault.RANGE)
    assert (difference.expected, difference.found) == ("0", "10")


@pytest.mark.parametrize("value", ["'many'", "x'00'", "1.5"])
async def test_a_value_that_cannot_be_is_found(used: Path, value: str) -> None:
    tamper(
        used,
        f"UPDATE usage_records SET units = {value} WHERE account_id = '{BEN}' AND sequence = 4",
    )

    assert (BEN, Fault.CHANGED, 4) in await found(used)


async def test_a_ledger_that_goes_on_is_verified_beside(used: Path) -> None:
    async with opened(used) as ledger:
        assert (await counted(ledger, charge(asked(9999)))).sequence == 2501
        assert (await verified(used)).is_good


async def test_of_very_many_differences_the_first_are_told_and_all_are_counted(
    used: Path,
) -> None:
    tamper(used, f"UPDATE usage_records SET day = 1 WHERE account_id = '{ANA}'")

    report = await verified(used)
    assert len(report.differences) == 1000
    assert report.difference_count >= 2500
