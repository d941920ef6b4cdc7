"""`plg billing`."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from plg.container import Container, close
from plg.domain.audit import OPERATOR
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered
from plg.settings import Settings
from tests.fakes.usage import CENT, TARIFF, asked, charge, tariff_of
from tests.integration import ledgers
from tests.integration.cli.conftest import CommandLine

ANA, BEN = "ana@example.org", "ben@example.org"
NOVEMBER = datetime(2023, 11, 14, tzinfo=UTC).timestamp()
TEN_CENTS = tariff_of(prices={Metered.HIT: 10 * CENT})


@pytest.fixture
def ana(run: CommandLine) -> str:
    """Ana's account, by its id."""
    return str(run.json("accounts", "create", ANA)["id"])


@pytest.fixture
def ben(run: CommandLine) -> str:
    """Ben's account, by its id."""
    return str(run.json("accounts", "create", BEN)["id"])


def use(run: CommandLine, account: str, numbers: range, *, at: float = NOVEMBER) -> None:
    """Have hits written down."""
    operations = [
        charge(asked(n, account=account, tariff=TEN_CENTS, at=at)._replace(id=f"01{n:024}"))
        for n in numbers
    ]
    ledgers.write(run.folder / "data" / "db.sqlite3", operations)


def test_a_period_is_closed_for_everybody(run: CommandLine, ana: str, ben: str) -> None:
    use(run, ana, range(3))
    use(run, ben, range(10, 11))
    closed = run("billing", "close", "--all")
    again = run("billing", "close", "--all")
    year = datetime.now(UTC).year

    assert closed.stdout.splitlines() == [
        f"PLG-{year}-000001  {ana}  {ANA}  0.30 EUR",
        f"PLG-{year}-000002  {ben}  {BEN}  0.10 EUR",
    ]
    assert (closed.exit_code, "2 statements" in closed.stderr) == (0, True)
    assert (again.exit_code, again.stdout, "0 statements" in again.stderr) == (0, "", True)


def test_one_account_is_closed(run: CommandLine, ana: str, ben: str) -> None:
    use(run, ana, range(3))
    use(run, ben, range(10, 11))
    (statement,) = run.json("billing", "close", "--account", BEN)

    assert (statement["account_id"], statement["amount"]) == (ben, "0.10")
    assert run.json("billing", "close", "--account", ben) == []
    assert len(run.json("billing", "close", "--all")) == 1


@pytest.mark.parametrize("args", [(), ("--all", "--account", ANA)])
def test_what_is_to_be_closed_must_be_said(run: CommandLine, args: tuple[str, ...]) -> None:
    assert run("billing", "close", *args).exit_code == 2


def test_a_statement_is_shown(run: CommandLine, ana: str) -> None:
    use(run, ana, range(3))
    (statement,) = run.json("billing", "close", "--all")
    lines = run("billing", "show", statement["number"]).stdout.splitlines()

    assert [line.split(maxsplit=1) for line in lines[:3]] == [
        ["number", statement["number"]],
        ["account", f"{ana}  {ANA}"],
        ["amount", "0.30 EUR"],
    ]
    assert lines[3].startswith("closed at  2")
    assert lines[4] == "period     2023-11-14T00:00:00Z to 2023-11-14T00:00:00Z"
    assert lines[5:] == [
        "records    1 to 3",
        f"head       {statement['head']}",
        "players  hit  basic 1  3 x 0.10 = 0.30",
    ]
    assert run.json("billing", "show", statement["number"]) == statement


def test_a_credit_note_is_shown(run: CommandLine, ana: str) -> None:
    use(run, ana, range(3))
    (statement,) = run.json("billing", "close", "--all")
    container = Container(settings=Settings.from_env({"DATA_DIR": str(run.folder / "data")}))

    async def credit() -> str:
        note = await container.billing().credit_statement(
            statement["number"], "broken", None, OPERATOR
        )
        await close(container)
        return str(note.number)

    shown = run("billing", "show", asyncio.run(credit())).stdout.splitlines()

    assert shown[2:3] + shown[4:] == [
        "amount     -0.30 EUR",
        f"credited   {statement['number']}",
        "reason     broken",
        "players  hit  basic 1  of line 1: -0.30",
    ]


def test_what_is_not_there_is_told(run: CommandLine) -> None:
    statuses = [
        run("billing", *args).exit_code
        for args in (
            ("show", "PLG-2023-000001"),
            ("close", "--account", ANA),
            ("simulate", "--plan", "basic", "--account", ANA),
            ("simulate", "--plan", "gold"),
            ("simulate", "--plan", "basic", "--version", "9"),
            ("simulate", "--plan", "basic", "--period", "2023-13"),
            ("simulate",),
        )
    ]

    assert statuses == [3, 3, 3, 2, 2, 2, 2]


def test_a_plan_is_simulated(run: CommandLine, ana: str, ben: str) -> None:
    use(run, ana, range(3))
    use(run, ben, range(10, 11))
    november = ("billing", "simulate", "--plan", "premium", "--period", "2023-11")
    shown = run(*november)
    last = run("billing", "simulate", "--plan", "premium")

    assert shown.stdout.splitlines() == [
        f"{ana}  {ANA}  0.30 EUR  would be 0.15 EUR",
        f"{ben}  {BEN}  0.10 EUR  would be 0.05 EUR",
        "total  -  0.40 EUR  would be 0.20 EUR",
    ]
    assert (last.exit_code, last.stdout, "0 accounts" in last.stderr) == (0, "", True)
    assert run.json(*november, "--account", ANA, "--version", "1") == [
        {
            "account_id": ana,
            "billed": [{"currency": "EUR", "units": 3, "amount": "0.30"}],
            "simulated": {"currency": "EUR", "units": 3, "amount": "0.15"},
        }
    ]


def test_an_account_that_used_nothing_would_pay_nothing(run: CommandLine, ana: str) -> None:
    shown = run("billing", "simulate", "--plan", "premium", "--account", ANA)

    assert shown.stdout == (
        f"{ana}  {ANA}  nothing  would be 0.00 EUR\ntotal  -  nothing  would be 0.00 EUR\n"
    )


def test_each_currency_is_told(run: CommandLine, ana: str) -> None:
    dollars = replace(TARIFF, currency=Currency("USD"))
    use(run, ana, range(1))
    made = asked(7, account=ana, tariff=dollars, at=NOVEMBER)
    ledgers.write(run.folder / "data" / "db.sqlite3", [charge(made)])
    shown = run("billing", "simulate", "--plan", "premium", "--period", "2023-11")

    assert shown.stdout == (
        f"{ana}  {ANA}  0.10 EUR, 0.05 USD  would be 0.10 EUR\n"
        "total  -  0.10 EUR, 0.05 USD  would be 0.10 EUR\n"
    )
