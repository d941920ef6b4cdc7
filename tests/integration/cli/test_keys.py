"""`plg keys`."""

import asyncio
import json
import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from plg.container import Container, close, prepare
from plg.domain.identity.accounts import Account, Email, Role
from plg.domain.identity.api_key_format import PATTERN, new_secret
from plg.settings import Settings
from tests.fakes.clock import NOON, StoppedClock
from tests.integration.cli.conftest import CommandLine
from tests.integration.cli.processes import started

ANA, BEN = "01ANA", "01BEN"
DAY = 86400


def account_of(account_id: str, name: str, role: Role) -> Account:
    return Account(
        account_id, Email(f"{name}@example.org"), name, role,
        is_active=True, is_verified=True, created_at=NOON,
    )  # fmt: skip


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def cli(run: CommandLine, clock: StoppedClock) -> CommandLine:
    """Return a command line with two accounts, at a time that stands still."""

    async def add_accounts() -> None:
        container = Container(settings=Settings.from_env({}))
        try:
            await prepare(container)
            async with container.access.work().change() as work:
                await work.accounts.add(account_of(ANA, "ana", Role.USER))
                await work.accounts.add(account_of(BEN, "ben", Role.ADMIN))
        finally:
            await close(container)

    asyncio.run(add_accounts())
    run.change = lambda container: container.clock.override(clock)
    return run


def issued(cli: CommandLine, *args: str, account: str = ANA, name: str = "ci") -> dict[str, Any]:
    key: dict[str, Any] = cli.json("keys", "issue", "--account", account, "--name", name, *args)
    return key


def moment(instant: float) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_only_the_key_goes_to_standard_output(cli: CommandLine) -> None:
    result = cli("keys", "issue", "--account", "ana@example.org", "--name", "ci")

    assert result.exit_code == 0
    assert re.fullmatch(PATTERN + "\n", result.stdout)
    assert "(ci), for players:read vehicles:read, until 2024-11-13" in result.stderr
    assert result.stdout.strip() not in result.stderr


def test_a_key_is_as_it_was_asked_for(cli: CommandLine) -> None:
    key = issued(
        cli, "--scope", "billing:read", "--scope", "players:read", "--expires", "7",
        "--network", "192.0.2.0/24", "--network", "2001:db8::/32",
        "--limit", "burst", "5000/minute",
    )  # fmt: skip

    assert key["scopes"] == ["billing:read", "players:read"]
    assert key["expires_at"] == moment(NOON + 7 * DAY)
    assert key["allowed_networks"] == ["192.0.2.0/24", "2001:db8::/32"]
    assert key["limits"] == {"burst": "5000/minute", "sustained": None}


def test_a_key_may_never_expire(cli: CommandLine) -> None:
    result = cli("keys", "issue", "--account", ANA, "--name", "ci", "--expires", "never")

    assert "it does not expire" in result.stderr
    assert issued(cli, "--expires", "never")["expires_at"] is None


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["--account", "nobody@example.org", "--name", "ci"], 3),
        (["--account", "01NOBODY", "--name", "ci"], 3),
        (["--account", ANA, "--name", ""], 2),
        (["--account", ANA, "--name", "ci", "--scope", "everything"], 2),
        (["--account", ANA, "--name", "ci", "--scope", "admin"], 1),
        (["--account", ANA, "--name", "ci", "--expires", "soon"], 2),
        (["--account", ANA, "--name", "ci", "--expires", "0"], 2),
        (["--account", ANA, "--name", "ci", "--network", "10.0.0.1/8"], 2),
        (["--account", ANA, "--name", "ci", "--limit", "burst", "often"], 2),
        (["--account", ANA, "--name", "ci", "--limit", "daily", "1/day"], 2),
        (["--name", "ci"], 2),
    ],
)
def test_what_cannot_be_is_no_key(cli: CommandLine, args: list[str], status: int) -> None:
    result = cli("keys", "issue", *args)

    assert (result.exit_code, result.stdout) == (status, "")
    assert cli.json("keys", "list") == []


def test_an_admins_key_may_do_what_the_admin_may(cli: CommandLine) -> None:
    assert issued(cli, "--scope", "admin", account=BEN)["scopes"] == ["admin"]


def test_keys_of_one_account_or_of_all_are_listed(cli: CommandLine) -> None:
    ids = {account: issued(cli, account=account)["id"] for account in (ANA, BEN)}

    assert [key["id"] for key in cli.json("keys", "list")] == [ids[ANA], ids[BEN]]
    (of_ben,) = cli.json("keys", "list", "--account", "ben@example.org")
    assert (of_ben["id"], of_ben["account_id"], "key" in of_ben) == (ids[BEN], BEN, False)


def test_a_list_says_how_each_key_is(cli: CommandLine, clock: StoppedClock) -> None:
    revoked, _, _ = issued(cli), issued(cli, "--expires", "1"), issued(cli)
    cli("keys", "revoke", revoked["id"], "--reason", "left the team")
    clock.advance(DAY)
    result = cli("keys", "list", "--account", ANA)
    states = [line.split("  ")[4:] for line in result.stdout.splitlines()]

    assert sorted(states) == [
        ["enabled", "players:read vehicles:read", "until 2024-11-13T22:13:20Z", "never used"],
        ["expired", "players:read vehicles:read", "until 2023-11-15T22:13:20Z", "never used"],
        [
            "revoked (left the team)",
            "players:read vehicles:read",
            "until 2024-11-13T22:13:20Z",
            "never used",
        ],
    ]
    assert result.stderr == "3 keys\n"


def test_a_revoked_key_is_good_no_more(cli: CommandLine) -> None:
    key = issued(cli)
    assert cli("keys", "verify", stdin=key["key"]).exit_code == 0
    assert cli("keys", "revoke", key["id"]).exit_code == 0
    result = cli("keys", "verify", stdin=key["key"])

    assert (result.exit_code, result.stdout) == (1, "not good: The key was revoked.\n")
    (listed,) = cli.json("keys", "list")
    assert listed["revoked_reason"] == "revoked by the operator"


@pytest.mark.parametrize("command", ["revoke", "rotate"])
def test_a_key_that_is_not_there_is_no_match(cli: CommandLine, command: str) -> None:
    result = cli("keys", command, "01NOTHING")

    assert (result.exit_code, result.stderr) == (3, "Error: There is no key 01NOTHING.\n")


def test_rotating_gives_a_new_secret_and_the_old_one_a_grace(
    cli: CommandLine, clock: StoppedClock
) -> None:
    old = issued(cli)
    new = cli("keys", "rotate", old["id"], "--grace", "60").stdout
    goods = [cli("keys", "verify", stdin=key).exit_code for key in (old["key"], new)]
    clock.advance(60)
    later = [cli("keys", "verify", stdin=key).exit_code for key in (old["key"], new)]

    assert (goods, later) == ([0, 0], [1, 0])
    assert cli.json("keys", "rotate", old["id"])["id"] == old["id"]


def test_a_grace_past_thirty_days_is_wrong_use(cli: CommandLine) -> None:
    assert cli("keys", "rotate", issued(cli)["id"], "--grace", "2592001").exit_code == 2


def test_a_good_key_is_described_without_being_shown(cli: CommandLine) -> None:
    key = issued(cli)
    result = cli("keys", "verify", stdin=f"{key['key']}\n")

    assert result.stdout == (
        f"good: Key {key['id']} of account {ANA}, until 2024-11-13T22:13:20Z, "
        "for players:read vehicles:read.\n"
    )
    assert key["key"] not in result.output


def test_the_end_of_a_plan_is_not_told_as_the_end_of_a_key(cli: CommandLine) -> None:
    key = issued(cli, "--expires", "never")["key"]
    cli("plans", "assign", ANA, "premium", "--effective", "period-end")

    assert "without end" in cli("keys", "verify", stdin=key).stdout


def test_a_key_without_end_is_so_described(cli: CommandLine) -> None:
    key = issued(cli, "--expires", "never")

    assert "without end" in cli("keys", "verify", stdin=key["key"]).stdout


@pytest.mark.parametrize(
    ("key", "detail"),
    [
        ("", "not complete"),
        ("anything", "not complete"),
        pytest.param(new_secret().reveal(), "no such key", id="new"),
    ],
)
def test_what_is_no_key_of_ours_is_not_good(cli: CommandLine, key: str, detail: str) -> None:
    result = cli("keys", "verify", "--json", stdin=key)

    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert (said["good"], detail in said["detail"]) == (False, True)


def test_a_scope_that_the_account_lacks_is_told_of_the_account(cli: CommandLine) -> None:
    result = cli("keys", "issue", "--account", ANA, "--name", "ci", "--scope", "admin")

    assert result.exit_code == 1
    assert "A key of ana@example.org cannot have the scope admin" in result.stderr
    assert "credential" not in result.stderr


def test_a_key_is_checked_from_an_address(cli: CommandLine) -> None:
    key = issued(cli, "--network", "192.0.2.0/24")["key"]
    inside = cli("keys", "verify", "--from", "192.0.2.7", stdin=key)
    outside = cli("keys", "verify", "--from", "198.51.100.7", stdin=key)
    nowhere = cli("keys", "verify", stdin=key)

    assert [result.exit_code for result in (inside, outside, nowhere)] == [0, 1, 0]
    assert "from this address" in outside.stdout
    assert "--from" in nowhere.stdout


def test_signing_keys_are_rotated(cli: CommandLine) -> None:
    before = {key["state"]: key["id"] for key in cli.json("keys", "rotate-signing")}
    after = {key["id"]: key["state"] for key in cli.json("keys", "rotate-signing")}

    assert after[before["next"]] == "active"
    assert after[before["active"]] == "retired"
    assert sorted(set(after.values())) == ["active", "next", "retired"]
    shown = cli("keys", "rotate-signing").stdout.splitlines()
    assert sorted({line.split()[1] for line in shown}) == ["active", "next", "retired"]


def test_signing_keys_whose_secret_is_lost_make_way_for_new_ones(cli: CommandLine) -> None:
    cli.env["SECRET_KEY"] = "another-secret-than-the-one-in-the-data-folder"
    refused = cli("migrate")
    rotated = cli("keys", "rotate-signing")

    assert (refused.exit_code, "plg keys rotate-signing" in refused.stderr) == (1, True)
    assert (rotated.exit_code, cli("migrate").exit_code) == (0, 0)


def test_signing_keys_that_were_stolen_are_forgotten(cli: CommandLine) -> None:
    before = {key["id"] for key in cli.json("keys", "rotate-signing")}
    after = cli.json("keys", "rotate-signing", "--forget")

    assert before.isdisjoint(key["id"] for key in after)
    assert sorted(key["state"] for key in after) == ["active", "next"]


def test_on_a_terminal_the_key_is_asked_for_and_not_shown(cli: CommandLine) -> None:
    pty = pytest.importorskip("pty", reason="needs a terminal of a Unix kind")
    with suppress(OSError), Path("/dev/tty").open("rb"):
        pytest.skip("it would ask the terminal that the tests run in")
    ours, theirs = pty.openpty()
    with started(cli.folder, "keys", "verify", env={}, stdin=theirs) as process:
        process.until(lambda: "Key" in process.stderr)
        os.write(ours, b"anything\n")
        assert process.wait() == 1
    os.close(theirs)
    os.close(ours)

    assert process.stdout.startswith("not good: The key is not complete")
    assert "anything" not in process.stderr


def test_the_help_says_how_an_end_is_given(cli: CommandLine) -> None:
    assert "--expires DAYS|never" in cli("keys", "issue", "--help").stdout
