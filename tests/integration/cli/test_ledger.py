"""`plg ledger`."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from plg.container import Container, close, prepare
from plg.domain.ledger.verification.findings import Fault
from plg.settings import Settings
from tests.fakes.usage import ANA, asked, charge
from tests.integration.cli.conftest import CommandLine


@pytest.fixture
def cli(run: CommandLine) -> CommandLine:
    """Return a command line with a ledger of ten records."""

    async def use() -> None:
        container = Container(settings=Settings.from_env({}))
        try:
            await prepare(container)
            ledger = container.ledger()
            ledger.start()
            for number in range(10):
                ledger.submit(charge(asked(number)), lambda _: None)
            await ledger.close()
        finally:
            await close(container)

    asyncio.run(use())
    return run


def tamper(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "data" / "db.sqlite3", isolation_level=None)) as found:
        found.execute("DROP TRIGGER usage_records_no_update")
        found.execute("UPDATE usage_records SET request_id = 'other' WHERE sequence = 4")


def test_a_ledger_that_fits_is_good(cli: CommandLine) -> None:
    result = cli("ledger", "verify")

    assert result.exit_code == 0
    assert result.stdout == "1 account, 10 records, 0 statements: all fits.\n"


def test_what_does_not_fit_is_said(cli: CommandLine) -> None:
    tamper(cli.folder)
    result = cli("ledger", "verify")

    first, last = result.stdout.splitlines()
    assert result.exit_code == 1
    assert first.startswith(
        f"{ANA} record 4: changed: the record, or the one before it, is not as it was written: "
        "expected "
    )
    assert last == "1 account, 10 records, 0 statements: 1 do not fit."


def test_it_is_said_as_json(cli: CommandLine) -> None:
    tamper(cli.folder)
    result = cli("ledger", "verify", "--json")

    told = json.loads(result.stdout)
    (difference,) = told.pop("differences")
    assert result.exit_code == 1
    assert told == {
        "good": False,
        "accounts": 1,
        "records": 10,
        "statements": 0,
        "archived": 0,
        "difference_count": 1,
    }
    assert len(difference.pop("expected")) == len(difference.pop("found")) == 64
    assert difference == {
        "account_id": ANA,
        "number": None,
        "sequence": 4,
        "fault": "changed",
        "detail": "the record, or the one before it, is not as it was written",
    }


def test_every_kind_of_fault_is_documented() -> None:
    text = Path(__file__).parents[3].joinpath("docs", "cli.md").read_text(encoding="utf-8")

    assert [fault for fault in Fault if f"| `{fault.value}` |" not in text] == []
