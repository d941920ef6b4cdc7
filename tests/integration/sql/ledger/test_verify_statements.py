"""Whoever tampers with statements is found out, and where is said."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from plg.domain.ledger.statements import CreditedLine
from plg.domain.ledger.verification.findings import Difference, Fault
from plg.domain.limits.rates import DAY_SECONDS
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, BEN, CENT, TARIFF, asked, charge
from tests.integration import ledgers
from tests.integration.contracts.works import copied
from tests.integration.sql.ledger.billing import bill, give_back, hits, make_history
from tests.integration.sql.ledger.files import rows, verified
from tests.integration.sql.ledger.test_verify import tamper

ONE, TWO, BENS, BENS_TOO, FIVE, SIX = (f"PLG-2023-{number:06}" for number in range(1, 7))
NOTE, SECOND_NOTE = "PLG-CN-2023-000001", "PLG-CN-2023-000002"
Found = tuple[str | None, Fault, str | None]


@pytest.fixture(scope="module")
def billed_template(tmp_path_factory: pytest.TempPathFactory, durable_template: Path) -> Path:
    path = copied(durable_template, tmp_path_factory.mktemp("billed"))
    asyncio.run(make_history(path))
    return path


@pytest.fixture
def billed(billed_template: Path, tmp_path: Path) -> Path:
    """A ledger with five statements and two credit notes."""
    return copied(billed_template, tmp_path)


async def differences(path: Path) -> list[Difference]:
    return (await verified(path)).differences


async def found(path: Path) -> list[Found]:
    return [(each.account_id, each.fault, each.number) for each in await differences(path)]


async def test_untouched_statements_fit(billed: Path) -> None:
    report = await verified(billed)

    assert report.differences == []
    assert (report.accounts, report.records, report.statements) == (2, 55, 8)
    numbers = [row[0] for row in rows(billed, "SELECT number FROM statements ORDER BY position")]
    assert numbers == [ONE, TWO, BENS, BENS_TOO, FIVE, SIX, NOTE, SECOND_NOTE]


async def test_what_is_billed_beside_is_left_out(billed: Path) -> None:
    ledgers.write(billed, hits(range(46, 60)))
    await bill(billed)

    assert await found(billed) == []


CHANGES: list[tuple[str, list[Found]]] = [
    (
        f"UPDATE statement_lines SET units = units + 1 WHERE number = '{ONE}' AND line = 1",
        [(ANA, Fault.STATEMENT_LINE, ONE)],
    ),
    (
        f"UPDATE statement_lines SET records = 0 WHERE number = '{FIVE}' AND line = 2",
        [(ANA, Fault.STATEMENT_LINE, FIVE)],
    ),
    (
        f"UPDATE statement_lines SET plan_version = 2 WHERE number = '{BENS}' AND line = 1",
        [(BEN, Fault.STATEMENT_LINE, BENS)] * 2,
    ),
    (
        f"UPDATE statement_lines SET line = 9 WHERE number = '{BENS}' AND line = 2",
        [(BEN, Fault.STATEMENT_LINE, BENS)] * 2,
    ),
    (
        f"DELETE FROM statement_lines WHERE number = '{SIX}' AND line = 2",
        [
            (ANA, Fault.AMOUNT, SIX),
            (ANA, Fault.BALANCE, SIX),
            (ANA, Fault.STATEMENT_LINE, SIX),
        ],
    ),
    (f"UPDATE statements SET amount = '7' WHERE number = '{TWO}'", [(ANA, Fault.AMOUNT, TWO)]),
    (f"UPDATE statements SET amount = 'x' WHERE number = '{TWO}'", [(ANA, Fault.AMOUNT, TWO)]),
    (f"UPDATE statements SET balance = '7' WHERE number = '{FIVE}'", [(ANA, Fault.BALANCE, FIVE)]),
    (f"UPDATE statements SET balance = '' WHERE number = '{NOTE}'", [(ANA, Fault.BALANCE, NOTE)]),
    (
        f"UPDATE statements SET head = zeroblob(32) WHERE number = '{SIX}'",
        [(ANA, Fault.HEAD, SIX)],
    ),
    (f"UPDATE statements SET from_at = 1 WHERE number = '{BENS}'", [(BEN, Fault.RANGE, BENS)]),
    (f"UPDATE statements SET to_at = NULL WHERE number = '{BENS}'", [(BEN, Fault.RANGE, BENS)]),
    (
        f"UPDATE statements SET first_sequence = 2 WHERE number IN ('{BENS}', '{BENS_TOO}')",
        [(BEN, Fault.RANGE, BENS)],
    ),
    (
        f"UPDATE statements SET first_sequence = 15 WHERE number IN ('{FIVE}', '{SIX}')",
        [(ANA, Fault.RANGE, FIVE)],
    ),
    (
        "UPDATE ledger_accounts SET billed_to = 30 WHERE billed_to = 40",
        [(ANA, Fault.RANGE, None)],
    ),
    (
        f"UPDATE statements SET position = 99 WHERE number = '{SECOND_NOTE}'",
        [(ANA, Fault.NUMBER, SECOND_NOTE)],
    ),
    (
        f"UPDATE statements SET closed_at = 0 WHERE number = '{BENS}'",
        [(BEN, Fault.NUMBER, BENS)],
    ),
    (
        f"UPDATE statements SET closed_at = 1e300 WHERE number = '{SIX}'",
        [(ANA, Fault.NUMBER, SIX), (None, Fault.NUMBER, None)],
    ),
    (
        "UPDATE statement_numbers SET last = 7 WHERE series = 'PLG'",
        [(None, Fault.NUMBER, None)],
    ),
    (
        "DELETE FROM statement_numbers WHERE series = 'PLG-CN'",
        [(None, Fault.NUMBER, None)],
    ),
    (
        f"UPDATE statements SET credited = 'PLG-2023-000099' WHERE number = '{SECOND_NOTE}'",
        [(ANA, Fault.CREDIT, SECOND_NOTE)],
    ),
    (
        f"UPDATE statements SET credited = '{BENS}' WHERE number = '{SECOND_NOTE}'",
        [(ANA, Fault.CREDIT, SECOND_NOTE)],
    ),
    (
        f"UPDATE statements SET credited = '{NOTE}' WHERE number = '{SECOND_NOTE}'",
        [(ANA, Fault.CREDIT, SECOND_NOTE)],
    ),
    (
        f"UPDATE statement_lines SET credits = 9 WHERE number = '{NOTE}'",
        [(ANA, Fault.CREDIT, NOTE)],
    ),
    (
        f"UPDATE statement_lines SET units = 1 WHERE number = '{NOTE}'",
        [(ANA, Fault.CREDIT, NOTE)],
    ),
]


@pytest.mark.parametrize(("statement", "expected"), CHANGES, ids=[each for each, _ in CHANGES])
async def test_a_statement_that_was_changed_is_found(
    billed: Path, statement: str, expected: list[Found]
) -> None:
    tamper(billed, statement)

    assert await found(billed) == expected


async def test_it_is_said_what_was_expected_and_what_was_found(billed: Path) -> None:
    tamper(
        billed,
        f"UPDATE statement_lines SET units = units + 1 WHERE number = '{ONE}' AND line = 1",
        f"UPDATE statements SET first_sequence = 7 WHERE number IN ('{BENS}', '{BENS_TOO}')",
    )

    line, range_ = await differences(billed)
    assert line.detail == "line static-data hit 50000000 basic 1"
    assert line.expected == "line 1: 11 units, 11 records, amount 550000000"
    assert line.found == "line 1: 12 units, 11 records, amount 550000000"
    assert (range_.detail, range_.expected, range_.found) == (
        "the first record that it covers",
        "1",
        "7",
    )


async def test_a_statement_that_was_removed_is_found(billed: Path) -> None:
    tamper(
        billed,
        f"DELETE FROM statements WHERE number IN ('{BENS}', '{BENS_TOO}')",
        f"DELETE FROM statement_lines WHERE number IN ('{BENS}', '{BENS_TOO}')",
    )

    all_found = await found(billed)
    assert {
        (ANA, Fault.NUMBER, FIVE),
        (BEN, Fault.RANGE, None),
        (BEN, Fault.LINE, None),
    } == set(all_found)


async def test_a_statement_that_is_missing_in_one_currency_is_found(billed: Path) -> None:
    tamper(billed, f"DELETE FROM statements WHERE number = '{SIX}'")

    all_found = await found(billed)
    assert (ANA, Fault.RANGE, FIVE) in all_found
    assert (ANA, Fault.NUMBER, NOTE) in all_found


async def test_a_statement_that_was_made_up_is_found(billed: Path) -> None:
    columns = [name for _, name, *_ in rows(billed, "PRAGMA table_info(statements)")]
    forged = {
        "number": "'PLG-2023-000007'",
        "position": "9",
        "first_sequence": "11",
        "last_sequence": "12",
    }
    values = ", ".join(forged.get(name, name) for name in columns)
    tamper(
        billed, f"INSERT INTO statements SELECT {values} FROM statements WHERE number = '{BENS}'"
    )

    all_found = set(await found(billed))
    assert {
        (None, Fault.NUMBER, None),
        (BEN, Fault.RANGE, "PLG-2023-000007"),
        (BEN, Fault.RANGE, None),
        (BEN, Fault.AMOUNT, "PLG-2023-000007"),
    } <= all_found


async def test_what_changed_records_cost_is_found_in_their_statement(billed: Path) -> None:
    tamper(
        billed,
        f"UPDATE usage_records SET unit_price = 1 WHERE account_id = '{BEN}' AND sequence = 3",
    )

    all_found = await found(billed)
    assert (BEN, Fault.STATEMENT_LINE, BENS) in all_found
    assert (BEN, Fault.CHANGED, None) in all_found


async def test_more_given_back_than_was_billed_is_found(billed: Path) -> None:
    tamper(
        billed,
        f"UPDATE statement_lines SET amount = '-900000000' WHERE number = '{SECOND_NOTE}'",
        f"UPDATE statements SET amount = '-900000000' WHERE number = '{SECOND_NOTE}'",
    )

    (credit,) = [each for each in await differences(billed) if each.fault is Fault.CREDIT]
    assert (credit.number, credit.found) == (SECOND_NOTE, "1000000000")
    assert credit.expected == "at most 550000000"


async def test_something_given_back_of_another_account_is_found(billed: Path) -> None:
    tamper(billed, f"UPDATE statements SET account_id = '{BEN}' WHERE number = '{NOTE}'")

    assert (BEN, Fault.CREDIT, NOTE) in await found(billed)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_day_vins WHERE vin = 'V3' AND account_id = '{ANA}'",
        "UPDATE ledger_day_vins SET vin = 'V9' WHERE vin = 'V3' AND account_id = '{ANA}'",
        "INSERT INTO ledger_day_vins SELECT '{ANA}', day, 'V9', 'vin', 0 FROM ledger_days LIMIT 1",
    ],
)
async def test_vehicles_that_were_not_seen_are_found(billed: Path, statement: str) -> None:
    tamper(billed, statement.format(ANA=ANA))

    assert await found(billed) == [(ANA, Fault.VEHICLES, None)]


async def test_vehicles_of_days_that_are_over_may_be_forgotten(
    path: Path,
) -> None:
    ledgers.write(path, hits(range(1, 8), at=NOON - 3 * DAY_SECONDS))
    tamper(path, "DELETE FROM ledger_day_vins WHERE vin = 'V3'")

    assert await found(path) == []


SHILLINGS = replace(
    TARIFF, currency=Currency("UGX"), prices=dict.fromkeys(Metered, 101 * CENT // 2)
)
AS_BEFORE = (
    "UPDATE statements SET minor_digits = NULL, amount = '1010000000', balance = '1010000000'",
    "UPDATE statement_lines SET amount = '1010000000'",
)


@pytest.fixture
async def shillings(path: Path) -> Path:
    """A ledger with one statement: two answers for half a shilling and a half cent each."""
    ledgers.write(path, [charge(asked(number, tariff=SHILLINGS)) for number in (1, 2)])
    await bill(path)
    return path


async def test_what_is_closed_has_the_decimals_of_today(shillings: Path) -> None:
    assert rows(shillings, "SELECT amount, minor_digits FROM statements") == [("1000000000", 0)]
    assert await found(shillings) == []


async def test_what_was_closed_with_the_decimals_of_before_fits_with_its_credit_note(
    shillings: Path,
) -> None:
    tamper(shillings, *AS_BEFORE)
    note = await give_back(shillings, ONE, [CreditedLine(1, 51 * CENT)])

    assert note.currency.text(note.amount) == "-0.51"
    assert rows(shillings, "SELECT minor_digits FROM statements ORDER BY position") == [
        (None,),
        (2,),
    ]
    assert await found(shillings) == []


@pytest.mark.parametrize("digits", ["2", "99", "-1", "'two'"])
async def test_other_decimals_than_it_was_rounded_to_are_found(
    shillings: Path, digits: str
) -> None:
    tamper(shillings, f"UPDATE statements SET minor_digits = {digits}")

    assert await found(shillings) == [(ANA, Fault.STATEMENT_LINE, ONE)]


async def test_a_credit_note_with_other_decimals_than_its_statement_is_found(
    shillings: Path,
) -> None:
    note = await give_back(shillings, ONE, None)
    tamper(shillings, f"UPDATE statements SET minor_digits = 2 WHERE number = '{note.number}'")

    assert await found(shillings) == [(ANA, Fault.CREDIT, note.number)]
