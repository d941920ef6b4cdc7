"""`plg ledger archive`, `plg ledger erase-record-key` and `plg billing free-usage`."""

import asyncio
import json
from pathlib import Path

import pytest
from dependency_injector import providers

from plg.container import Container, close
from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.free_usage import FreeUsageSum
from plg.domain.limits.rates import DAY_SECONDS
from plg.settings import Settings
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.usage import asked, charge
from tests.integration import ledgers
from tests.integration.cli.conftest import CommandLine

BEFORE = "2023-11-20"


def travel(run: CommandLine, days: float) -> None:
    """Let the next commands run so many days after the records were written."""
    clock = StoppedClock(NOON + days * DAY_SECONDS)
    run.change = lambda container: container.clock.override(providers.Object(clock))


@pytest.fixture
def ana(run: CommandLine) -> str:
    """Ana, of whose five records the first three are billed; a month later."""
    travel(run, 1)
    account_id = str(run.json("accounts", "create", "ana@example.org")["id"])
    path = run.folder / "data" / "db.sqlite3"
    chain = LedgerChain(Keyring(run.secret))

    def use(numbers: range) -> None:
        made = (asked(n, account=account_id)._replace(id=f"01{n:024}") for n in numbers)
        ledgers.write(path, [charge(each) for each in made], chain)

    use(range(3))
    run.json("billing", "close", "--all")
    use(range(3, 5))
    travel(run, 30)
    return account_id


def archived(run: CommandLine, *who: str) -> Path:
    told = run.json("ledger", "archive", *who, "--before", BEFORE, "--to", "archive")
    return Path(told["archived"][0]["file"])


def test_billed_records_are_archived_and_all_fits(run: CommandLine, ana: str) -> None:
    result = run("ledger", "archive", "--all", "--before", BEFORE, "--to", "archive")
    (file,) = (run.folder / "archive").iterdir()
    verified = run("ledger", "verify")

    assert (result.exit_code, result.stdout) == (0, f"{ana}  ana@example.org  1 to 3  {file}\n")
    assert "3 records removed" in result.stderr
    assert verified.stdout == "1 account, 2 records, 1 statement, 3 archived: all fits.\n"


def test_a_file_is_verified_by_itself(run: CommandLine, ana: str) -> None:
    file = archived(run, "--account", ana)
    result = run("ledger", "verify", "--archive", str(file))

    assert result.stdout == "1 account, 3 records, 1 statement: all fits.\n"
    file.write_bytes(b"")
    assert run("ledger", "verify", "--archive", str(file)).exit_code == 1


def test_what_does_not_fit_is_not_archived(run: CommandLine, ana: str) -> None:
    run.env["SECRET_KEY"] = "y" * 32
    result = run("ledger", "archive", "--all", "--before", BEFORE, "--to", "archive")

    assert result.exit_code == 1
    assert result.stdout.startswith(f"{ana} record 1: unknown_secret: ")
    assert list((run.folder / "archive").iterdir()) == []


@pytest.mark.parametrize(
    "args",
    [
        ("--before", BEFORE, "--to", "archive"),
        ("--all", "--account", "ana@example.org", "--before", BEFORE, "--to", "archive"),
        ("--all", "--before", "2023-12-13", "--to", "archive"),
        ("--all", "--to", "archive"),
        ("--all", "--before", BEFORE),
    ],
)
def test_what_cannot_be_meant_is_refused(run: CommandLine, ana: str, args: tuple[str, ...]) -> None:
    assert ana
    assert run("ledger", "archive", *args).exit_code == 2


def test_a_key_is_erased(run: CommandLine, ana: str) -> None:
    file = archived(run, "--all")
    first = run("ledger", "erase-record-key", " 123456 ")
    again = run.json("ledger", "erase-record-key", "123456", "--account", ana, "--archives")
    verified = run("ledger", "verify")

    assert first.stdout == (
        "2 records, 0 days of a vehicle, 0 idempotency keys, 0 observations.\n"
        f"Still in {file}: call this again with --archives to have it erased there.\n"
    )
    assert (again["records"], again["rewritten"]) == (0, [str(file)])
    assert verified.exit_code == 0
    assert run("ledger", "verify", "--archive", str(file)).exit_code == 0


def test_files_are_told_that_were_erased_in_or_are_not_there(run: CommandLine, ana: str) -> None:
    file = archived(run, "--account", ana)
    erased = run("ledger", "erase-record-key", "123456", "--archives").stdout
    file.unlink()
    missing = run("ledger", "erase-record-key", "123456", "--resource", "players").stdout

    assert f"Erased in {file}." in erased
    assert f"Not looked into, as it is not there: {file}." in missing


@pytest.mark.parametrize("key", ["", " ", "a\x00b"])
def test_what_can_be_no_key_is_refused(run: CommandLine, key: str) -> None:
    assert run("ledger", "erase-record-key", key).exit_code == 2


@pytest.fixture
def counted(run: CommandLine) -> None:
    """A month in which the service key was used, and Ana found nothing."""
    run.json("accounts", "create", "ana@example.org")
    container = Container(settings=Settings.from_env({"DATA_DIR": str(run.folder / "data")}))
    minute = int(NOON // 60)

    async def count() -> None:
        async with container.access.work().change() as work:
            await work.free_usage.add(
                [
                    FreeUsageSum(minute, "service", "players", "hit", 3),
                    FreeUsageSum(minute + 1, "service", "players", "hit", 4),
                    FreeUsageSum(minute, "01ANA", "players", "not_found", 1),
                ]
            )
        await close(container)

    asyncio.run(count())
    travel(run, 1)


@pytest.mark.usefixtures("counted")
def test_what_nobody_pays_for_is_told(run: CommandLine) -> None:
    result = run("billing", "free-usage")

    assert result.stdout == "01ANA  -  players  not_found  1\nservice  -  players  hit  7\n"
    assert "8 answers" in result.stderr
    told = json.loads(run("billing", "free-usage", "--account", "service", "--json").stdout)
    assert told == [
        {"account_id": "service", "resource": "players", "outcome": "hit", "answers": 7}
    ]


@pytest.mark.usefixtures("counted")
def test_what_nobody_pays_for_is_told_for_some_time(run: CommandLine) -> None:
    minute = ("--from", "2023-11-14T22:13:00Z", "--to", "2023-11-14T22:14:00Z")

    assert run("billing", "free-usage", *minute, "--account", "service").stdout.endswith("hit  3\n")
    assert run("billing", "free-usage", "--from", "2023-11-15").stdout == ""
    assert run("billing", "free-usage", "--account", "ana@example.org").stdout == ""
    assert run("billing", "free-usage", "--from", "2023-11-14", "--to", "2023-11-13").exit_code == 2


@pytest.mark.usefixtures("counted")
def test_the_older_name_does_the_same(run: CommandLine) -> None:
    assert run("billing", "unbilled").stdout == run("billing", "free-usage").stdout != ""
    assert "\n  unbilled" not in run("billing", "--help").stdout
