"""`plg doctor` about secrets that were changed, and the plan of new accounts."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.integration.cli.conftest import CommandLine

PRESENT = "the-present-secret-that-has-more-than-thirty-two-characters"


def about(run: CommandLine, subject: str) -> dict[str, Any] | None:
    findings = json.loads(run("doctor", "--json").stdout)["findings"]
    return next((each for each in findings if each["subject"] == subject), None)


@pytest.fixture
def keys(run: CommandLine) -> list[str]:
    """Three keys made under the earlier secret, before the present one was set."""
    run("accounts", "create-admin", "root@example.org")
    made = [
        run.json("keys", "issue", "--account", "root@example.org", "--name", name)["key"]
        for name in ("one", "two", "three")
    ]
    run.env |= {"SECRET_KEY": PRESENT, "SECRET_KEY_PREVIOUS": run.secret}
    return made


def change(run: CommandLine, statement: str) -> None:
    with closing(sqlite3.connect(run.folder / "data" / "db.sqlite3")) as connection:
        connection.execute(statement)
        connection.commit()


def test_who_never_changed_the_secret_reads_nothing_of_it(run: CommandLine) -> None:
    run("migrate")

    assert about(run, "SECRET_KEY_PREVIOUS") is None


def test_keys_that_still_need_an_earlier_secret_are_counted(
    run: CommandLine, keys: list[str]
) -> None:
    run("keys", "verify", stdin=keys[0])  # which moves it
    finding = about(run, "SECRET_KEY_PREVIOUS")

    assert finding is not None
    assert (finding["verdict"], "plg keys list" in finding["advice"]) == ("remark", True)
    assert finding["detail"].startswith("2 API keys (never used) under an earlier secret")


@pytest.mark.usefixtures("keys")
def test_the_day_of_the_last_use_is_told(run: CommandLine) -> None:
    change(run, "UPDATE api_keys SET last_used_at = 1700000000 WHERE name = 'two'")
    finding = about(run, "SECRET_KEY_PREVIOUS")

    assert finding is not None
    assert finding["detail"].startswith("3 API keys (last used on 2023-11-14)")


def test_a_secret_that_nothing_needs_may_go(run: CommandLine, keys: list[str]) -> None:
    for key in keys:
        run("keys", "verify", stdin=key)
    finding = about(run, "SECRET_KEY_PREVIOUS")

    assert finding is not None
    assert (finding["verdict"], "unset it" in finding["detail"]) == ("ok", True)


@pytest.mark.usefixtures("keys")
def test_keys_whose_secret_is_not_set_are_wrong(run: CommandLine) -> None:
    run("migrate")  # what signs tokens moves to the present secret
    run.env["SECRET_KEY_PREVIOUS"] = None
    finding = about(run, "SECRET_KEY_PREVIOUS")

    assert finding is not None
    assert (finding["verdict"], finding["detail"].startswith("3 API keys")) == ("wrong", True)
    assert run("doctor").exit_code == 1


def test_a_default_plan_that_exists_is_fine(run: CommandLine) -> None:
    run("migrate")
    finding = about(run, "DEFAULT_PLAN")

    assert finding is not None
    assert (finding["verdict"], finding["detail"]) == ("ok", "basic")


def test_a_default_plan_that_does_not_exist_is_wrong(run: CommandLine) -> None:
    run("migrate")
    run.env["DEFAULT_PLAN"] = "gold"
    finding = about(run, "DEFAULT_PLAN")

    assert finding is not None
    assert finding["verdict"] == "wrong"
    assert "name one of basic, enterprise, premium" in finding["detail"]
    assert "plg plans create" in finding["detail"]
