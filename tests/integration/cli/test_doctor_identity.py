"""`plg doctor` about secrets, addresses, mail and admins."""

import json
import sqlite3
from typing import Any

import pytest

from tests.integration.cli.conftest import CommandLine

SECRET = "a-secret-that-has-more-than-thirty-two-characters"


@pytest.fixture
def begun(run: CommandLine) -> CommandLine:
    run("migrate")
    return run


def found(run: CommandLine, subject: str) -> dict[str, Any]:
    findings = json.loads(run("doctor", "--json").stdout)["findings"]
    (finding,) = [each for each in findings if each["subject"] == subject]
    return dict(finding)


def test_a_secret_that_is_not_made_yet_is_fine(fresh: CommandLine) -> None:
    finding = found(fresh, "SECRET_KEY")

    assert (finding["verdict"], "the first start makes one" in finding["detail"]) == ("ok", True)


def test_where_the_secret_is_kept_is_told(begun: CommandLine) -> None:
    finding = found(begun, "SECRET_KEY")

    assert (finding["verdict"], "kept in data/secret_key" in finding["detail"]) == ("ok", True)


def test_a_secret_that_others_can_read_is_a_remark(begun: CommandLine) -> None:
    (begun.folder / "data" / "secret_key").chmod(0o644)

    assert found(begun, "SECRET_KEY")["advice"] == "chmod 600 data/secret_key"


def test_a_secret_that_is_set_is_fine_and_not_told(run: CommandLine) -> None:
    run.env["SECRET_KEY"] = SECRET
    result = run("doctor")

    assert "SECRET_KEY: set" in result.stdout
    assert SECRET not in result.output


def test_a_lost_secret_is_wrong(begun: CommandLine) -> None:
    (begun.folder / "data" / "secret_key").unlink()
    finding = found(begun, "signing keys")

    assert (finding["verdict"], "is missing" in finding["detail"]) == ("wrong", True)
    assert not (begun.folder / "data" / "secret_key").exists()


def test_another_secret_is_wrong(begun: CommandLine) -> None:
    begun.env["SECRET_KEY"] = SECRET
    finding = found(begun, "signing keys")

    assert (finding["verdict"], "SECRET_KEY_PREVIOUS" in finding["detail"]) == ("wrong", True)


@pytest.mark.parametrize(
    ("env", "verdict", "told"),
    [
        ({}, "ok", "http://localhost:9600"),
        ({"API_HOST": "0.0.0.0"}, "remark", "only this machine has"),
        (
            {"API_HOST": "0.0.0.0", "PUBLIC_BASE_URL": "http://api.example.org"},
            "ok",
            "http://api.example.org",
        ),
        ({"PUBLIC_BASE_URL": "https://api.example.org"}, "remark", "none is trusted"),
        (
            {"PUBLIC_BASE_URL": "https://api.example.org", "TRUSTED_PROXIES": "127.0.0.1/32"},
            "ok",
            "https://api.example.org",
        ),
    ],
)
def test_the_public_address_fits_who_may_come(
    run: CommandLine, env: dict[str, str | None], verdict: str, told: str
) -> None:
    run.env |= env
    finding = found(run, "PUBLIC_BASE_URL")

    assert (finding["verdict"], told in finding["detail"]) == (verdict, True)


@pytest.mark.parametrize(
    ("env", "verdict"),
    [
        ({}, "remark"),
        ({"REGISTRATION": "closed"}, "ok"),
        ({"REGISTRATION": "closed", "REQUIRE_VERIFIED_EMAIL": "on"}, "remark"),
        ({"SMTP_HOST": "mail.example.org"}, "ok"),
    ],
)
def test_mail_that_nobody_gets_is_a_remark(
    run: CommandLine, env: dict[str, str | None], verdict: str
) -> None:
    run.env |= env

    assert found(run, "mail")["verdict"] == verdict


def test_accounts_that_share_an_address_are_named(begun: CommandLine) -> None:
    begun("accounts", "create", "ana@bücher.example")
    with sqlite3.connect(begun.folder / "data" / "db.sqlite3") as database:
        database.execute(
            "INSERT INTO accounts (id, email, role, is_active, is_verified, created_at, email_key)"
            " VALUES ('01OTHER', 'ana@xn--bcher-kva.example', 'user', 1, 1, 1.0,"
            " 'ana@xn--bcher-kva.example')"
        )
    finding = found(begun, "addresses")

    assert finding["verdict"] == "remark"
    assert "ana@xn--bcher-kva.example (01OTHER)" in finding["detail"]


def test_addresses_of_one_account_each_are_fine(begun: CommandLine) -> None:
    begun("accounts", "create", "ana@bücher.example")

    assert found(begun, "addresses")["verdict"] == "ok"


def test_no_admin_is_a_remark(begun: CommandLine) -> None:
    assert "create-admin" in found(begun, "admins")["advice"]


def test_a_deactivated_admin_is_none(begun: CommandLine) -> None:
    for name in ("root", "second"):
        begun("accounts", "create-admin", f"{name}@example.org")
    begun("accounts", "deactivate", "root@example.org")

    assert found(begun, "admins")["detail"] == "1 active"
