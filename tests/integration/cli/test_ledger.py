"""`plg ledger`."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from plg.container import Container, close, prepare
from plg.domain.ledger_checks import Fault
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
            ledger = container.ledger.ledger()
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

    assert (result.exit_code, result.stdout) == (0, "1 account, 10 records: all fits.\n")


def test_what_does_not_fit_is_said(cli: CommandLine) -> None:
    tamper(cli.folder)
    result = cli("ledger", "verify")

    assert result.exit_code == 1
    assert result.stdout == (
        f"{ANA} record 4: changed: the record, or the one before it, is not as it was written\n"
        "1 account, 10 records: 1 do not fit.\n"
    )


def test_it_is_said_as_json(cli: CommandLine) -> None:
    tamper(cli.folder)
    result = cli("ledger", "verify", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "good": False,
        "accounts": 1,
        "records": 10,
        "difference_count": 1,
        "differences": [
            {
                "account_id": ANA,
                "sequence": 4,
                "fault": "changed",
                "detail": "the record, or the one before it, is not as it was written",
            }
        ],
    }


def test_every_kind_of_fault_is_documented() -> None:
    text = Path(__file__).parents[3].joinpath("docs", "cli.md").read_text(encoding="utf-8")

    assert [fault for fault in Fault if f"| `{fault.value}` |" not in text] == []
