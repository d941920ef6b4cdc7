"""`plg billing notices`."""

from datetime import UTC, datetime

import pytest

from tests.fakes.usage import CENT, asked, charge, tariff_of
from tests.integration import ledgers
from tests.integration.cli.conftest import CommandLine

NOVEMBER = datetime(2023, 11, 14, tzinfo=UTC).timestamp()


@pytest.fixture
def ana(run: CommandLine) -> str:
    """Ana's account, by its id, that has used half of its quota and of its spend cap."""
    account = str(run.json("accounts", "create", "ana@example.org")["id"])
    run("accounts", "create", "ben@example.org")
    tariff = tariff_of(requests=2, cap=10 * CENT)
    what = charge(asked(1, account=account, tariff=tariff, at=NOVEMBER))
    ledgers.write(run.folder / "data" / "db.sqlite3", [what])
    return account


def test_it_lists_who_was_told_what(run: CommandLine, ana: str) -> None:
    listed = run("billing", "notices")
    lines = sorted(line.split(ana)[1].split("  mail")[0] for line in listed.stdout.splitlines())

    assert lines == [
        "  ana@example.org  50 % of requests_per_day  1 of 2  2023-11-14",
        "  ana@example.org  50 % of spend_cap  0.05 of 0.10 EUR  2023-11",
    ]
    assert "mail waiting until 2023-11-14T22:13:20Z  webhook waiting" in listed.stdout
    assert (listed.exit_code, "2 notices" in listed.stderr) == (0, True)


def test_it_lists_those_of_one_account(run: CommandLine, ana: str) -> None:
    mine = run.json("billing", "notices", "--account", "ana@example.org")

    assert {each["account_id"] for each in mine} == {ana}
    assert run.json("billing", "notices", "--account", "ben@example.org") == []
    assert len(run.json("billing", "notices", "--limit", "1")) == 1


def test_an_account_that_does_not_exist_is_no_match(run: CommandLine) -> None:
    assert run("billing", "notices", "--account", "nobody@example.org").exit_code == 3
