"""`plg accounts`."""

import asyncio
import os
from contextlib import suppress

import pytest

from plg.container import Container, prepare
from plg.domain.audit import Actor
from plg.domain.identity.accounts import Account, Email
from plg.settings import Settings
from tests.integration.cli.conftest import CommandLine
from tests.integration.cli.processes import started

ANA, BEN = "ana@example.org", "ben@example.org"
PASSWORD = "grumpy teapot sails north"


async def _log_in(email: str, password: str) -> Account:
    container = Container(settings=Settings.from_env({}))
    try:
        await prepare(container)
        await container.access.load_signing_keys()()
        actor = Actor("anonymous", None, "203.0.113.7")
        await container.accounts().log_in(Email(email), password, actor)
        async with container.access.work().look() as work:
            account: Account | None = await work.accounts.find(Email(email))
    finally:
        container.hasher().close()
        await container.durable_engine().dispose()
        await container.cache_engine().dispose()
    assert account is not None
    return account


def log_in(email: str, password: str = PASSWORD) -> Account:
    """Log in over the databases of the command line; return the account."""
    return asyncio.run(_log_in(email, password))


def test_an_account_with_a_password_from_standard_input_can_log_in(run: CommandLine) -> None:
    made = run("accounts", "create", ANA, "--name", "Ana", "--password-stdin", stdin=PASSWORD)
    account = log_in(ANA)

    assert (made.exit_code, account.id in made.stdout) == (0, True)
    assert (account.name, account.role, account.is_verified) == ("Ana", "user", True)
    assert PASSWORD not in made.output


def test_the_first_admin_is_made(run: CommandLine) -> None:
    run("accounts", "create-admin", ANA, "--password-stdin", stdin=f"{PASSWORD}\n")
    run("accounts", "create", BEN, "--admin", "--password-stdin", stdin=f"{PASSWORD}\r\n")

    assert (log_in(ANA).role, log_in(BEN).role) == ("admin", "admin")


@pytest.mark.parametrize("args", [[], ["--link"]])
def test_without_a_password_a_link_to_set_it_is_printed(run: CommandLine, args: list[str]) -> None:
    made = run("accounts", "create", ANA, *args)

    assert made.exit_code == 0
    assert "http://localhost:9600/api/v1/auth/password/reset?token=" in made.stdout


def test_json_tells_the_account_and_the_link(run: CommandLine) -> None:
    made = run.json("accounts", "create", ANA)

    assert (made["email"], made["role"], made["is_active"]) == (ANA, "user", True)
    assert "?token=" in made["set_password_url"]


@pytest.mark.parametrize(
    ("args", "stdin", "status", "said"),
    [
        (["ana"], "", 2, "must be an address"),
        ([ANA, "--password-stdin"], "password12345678", 2, "common words"),
        ([ANA, "--password-stdin"], "", 2, "at least 15"),
        ([ANA, "--password-stdin", "--link"], "", 2, "either"),
        ([ANA, "--name", "x" * 101], "", 2, "must be 1 to 100 characters"),
    ],
)
def test_what_cannot_be_is_wrong_use(
    run: CommandLine, args: list[str], stdin: str, status: int, said: str
) -> None:
    made = run("accounts", "create", *args, stdin=stdin)

    assert (made.exit_code, said in made.stderr) == (status, True)
    assert run.json("accounts", "list") == []


def test_an_address_has_one_account(run: CommandLine) -> None:
    run("accounts", "create", ANA)

    assert run("accounts", "create", ANA.upper()).exit_code == 1


def test_accounts_are_listed(run: CommandLine) -> None:
    for email in (ANA, BEN):
        run("accounts", "create", email, "--password-stdin", stdin=PASSWORD)
    log_in(BEN)
    lines = run("accounts", "list").stdout.splitlines()

    assert [line.split("  ")[1:3] for line in lines] == [[ANA, "user"], [BEN, "user"]]
    assert lines[0].endswith("active  verified  never logged in")
    assert "logged in 20" in lines[1]


def test_more_accounts_than_a_page_are_listed(
    run: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plg.entrypoints.cli.identity.accounts.PAGE", 1)
    for email in (ANA, BEN):
        run("accounts", "create", email)

    assert [account["email"] for account in run.json("accounts", "list")] == [ANA, BEN]


def test_accounts_are_searched(run: CommandLine) -> None:
    for email in (ANA, BEN):
        run("accounts", "create", email)

    assert [each["email"] for each in run.json("accounts", "list", "--search", "BEN")] == [BEN]


def test_an_account_is_deactivated_by_its_address_and_activated_by_its_id(
    run: CommandLine,
) -> None:
    account_id = run.json("accounts", "create", ANA)["id"]
    states = []
    for command, who in (("deactivate", ANA), ("activate", account_id)):
        assert run("accounts", command, who).exit_code == 0
        states.append(run.json("accounts", "list")[0]["is_active"])

    assert states == [False, True]


def test_a_link_to_set_a_new_password_is_printed_alone(run: CommandLine) -> None:
    run("accounts", "create", ANA, "--password-stdin", stdin=PASSWORD)
    result = run("accounts", "reset-link", ANA)

    start = "http://localhost:9600/api/v1/auth/password/reset?token="
    assert (result.exit_code, result.stdout.startswith(start)) == (0, True)
    assert result.stdout.count("\n") == 1
    assert "works once, until 20" in result.stderr


def test_json_tells_the_link_and_its_end(run: CommandLine) -> None:
    run("accounts", "create", ANA)
    made = run.json("accounts", "reset-link", ANA)

    assert set(made) == {"set_password_url", "expires_at"}


def test_an_account_is_logged_out_everywhere(run: CommandLine) -> None:
    run("accounts", "create", ANA, "--password-stdin", stdin=PASSWORD)
    for _ in range(2):
        log_in(ANA)
    told = [run("accounts", "end-sessions", ANA).stderr for _ in range(2)]

    assert [each.partition(".")[0] for each in told] == ["Ended: 2 sessions", "Ended: 0 sessions"]


def test_a_deactivated_account_is_shown_as_such(run: CommandLine) -> None:
    run("accounts", "create", ANA)
    run("accounts", "deactivate", ANA)

    assert "  deactivated  " in run("accounts", "list").stdout


def test_the_last_admin_stays(run: CommandLine) -> None:
    run("accounts", "create-admin", ANA)
    result = run("accounts", "deactivate", ANA)

    assert (result.exit_code, "administrate" in result.stderr) == (1, True)


@pytest.mark.parametrize("who", [BEN, "01NOBODY"])
@pytest.mark.parametrize("command", ["deactivate", "end-sessions", "reset-link"])
def test_who_is_not_there_is_no_match(run: CommandLine, who: str, command: str) -> None:
    assert run("accounts", command, who).exit_code == 3


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(run: CommandLine) -> None:
    pty = pytest.importorskip("pty", reason="needs a terminal of a Unix kind")
    ours, theirs = pty.openpty()
    with (
        suppress(OSError),
        started(run.folder, "accounts", "create", ANA, env={}, stdin=theirs) as create,
    ):
        create.until(lambda: "Password:" in create.stderr)
        assert "15 to 128 characters" in create.stderr
        os.write(ours, b"password\n")
        create.until(lambda: create.stderr.count("Password:") == 2)
        assert "at least 15" in create.stderr
        assert "Repeat" not in create.stderr
        os.write(ours, f"{PASSWORD}\n".encode())
        create.until(lambda: "Repeat for confirmation:" in create.stderr)
        os.write(ours, f"{PASSWORD}\n".encode())
        assert create.wait() == 0
    os.close(theirs)
    os.close(ours)

    assert log_in(ANA).email == Email(ANA)
