"""Accounts, keys and tokens for measurements, put into a data folder that PLG has migrated."""

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from urllib.request import Request, urlopen

from plg.application.identity.key_digests import secret_of
from plg.domain.identity.api_key_format import PresentedKey, new_secret
from plg.domain.identity.keyring import Keyring
from plg.domain.ids import new_id

UNREACHABLE_RATE = "900000000/second"
UNLIMITED = {
    "RATE_LIMIT_BURST": UNREACHABLE_RATE,
    "RATE_LIMIT_SUSTAINED": UNREACHABLE_RATE,
    "RATE_LIMIT_AUTH_TOKEN": UNREACHABLE_RATE,
    "DEFAULT_PLAN": "enterprise",
    "ACCESS_TOKEN_EXPIRE_MINUTES": "600",
}
PASSWORD = "seven violet lanterns by the harbour"
EMAIL = "bench@example.org"


def register(port: int, email: str = EMAIL) -> str:
    """Register an account, and return its id."""
    answer = post(port, "/api/v1/auth/register", {"email": email, "password": PASSWORD})
    return str(answer["id"])


def access_token(port: int) -> str:
    """Log in, and return the access token."""
    answer = post(port, "/api/v1/auth/login", {"email": EMAIL, "password": PASSWORD})
    return str(answer["access_token"])


def post(port: int, path: str, body: object) -> dict[str, object]:
    """POST JSON, and return the JSON of the answer."""
    request = Request(
        f"http://127.0.0.1:{port}{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as answer:
        document: dict[str, object] = json.load(answer)
    return document


def keyring_of(data: Path) -> Keyring:
    """Return the keyring of a data folder."""
    return Keyring((data / "secret_key").read_text().strip())


def add_keys(data: Path, account_id: str, count: int) -> list[str]:
    """Give the account so many keys, past the number that one may have, and return them."""
    return add_a_key_each(data, [account_id] * count)


def add_a_key_each(data: Path, account_ids: Sequence[str]) -> list[str]:
    """Give accounts a key each, and return them in the same order."""
    made = [(new_id(time.time()), new_secret()) for _ in account_ids]
    with closing(sqlite3.connect(data / "db.sqlite3")) as connection, connection:
        connection.executemany(
            "INSERT INTO api_keys (id, account_id, name, prefix, scopes, created_at,"
            " allowed_networks, is_enabled)"
            " VALUES (?,?,'bench',?,'billing:read players:read',?,'',1)",
            (
                (key_id, account_id, secret.prefix, time.time())
                for account_id, (key_id, secret) in zip(account_ids, made, strict=True)
            ),
        )
        connection.executemany(
            "INSERT INTO api_key_secrets (public, key_id, pepper_id, digest, created_at)"
            " VALUES (?,?,?,?,?)",
            _secrets(keyring_of(data), made),
        )
    return [secret.reveal() for _, secret in made]


def add_accounts(data: Path, account_id: str, count: int) -> list[str]:
    """Make so many accounts like one that is there, and return their ids."""
    made = [new_id(time.time()) for _ in range(count)]
    with closing(sqlite3.connect(data / "db.sqlite3")) as connection, connection:
        connection.row_factory = sqlite3.Row
        query = "SELECT * FROM accounts WHERE id = ?"
        model = dict(connection.execute(query, (account_id,)).fetchone())
        names, marks = ", ".join(model), ", ".join(f":{name}" for name in model)
        rows = [{**model, "id": each, "email": each, "email_key": each} for each in made]
        connection.executemany(f"INSERT INTO accounts ({names}) VALUES ({marks})", rows)
    return made


def _secrets(
    keyring: Keyring, made: list[tuple[str, PresentedKey]]
) -> Iterator[tuple[str, str, str, bytes, float]]:
    for key_id, presented in made:
        kept = secret_of(keyring, presented, key_id, time.time())
        yield kept.public, key_id, kept.pepper_id, kept.digest, kept.created_at
