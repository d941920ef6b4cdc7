"""Every decision of the operator, read once."""

import ipaddress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from plg.settings import SettingError, Settings

SECRET = "s3cret-of-the-operator"


def value_of(name: str, env: dict[str, str]) -> Any:  # noqa: ANN401 - any setting
    settings = Settings.from_env(env)
    for part in fields(settings):
        concern = getattr(settings, part.name)
        for item in fields(concern):
            if item.metadata["name"] == name:
                return getattr(concern, item.name)
    raise AssertionError(name)


def names() -> list[str]:
    return list(Settings.from_env({}).describe())


GOOD: list[tuple[str, str, object]] = [
    ("API_HOST", "0.0.0.0", "0.0.0.0"),
    ("API_HOST", "::1", "::1"),
    ("API_HOST", "gateway_1.internal.", "gateway_1.internal."),
    ("API_PORT", " 8080 ", 8080),
    ("API_PORT", "65535", 65535),
    ("API_WORKERS", "64", 64),
    ("PUBLIC_BASE_URL", "https://plg.example/", "https://plg.example"),
    ("FAST_LANE", "OFF", False),
    ("FAST_LANE", "on", True),
    ("API_KEEP_ALIVE_SECONDS", "7.5", 7.5),
    ("TRUSTED_PROXIES", "10.0.0.0/8, ::1", ("10.0.0.0/8", "::1/128")),
    ("CORS_ALLOW_ORIGINS", "*", ("*",)),
    (
        "CORS_ALLOW_ORIGINS",
        "https://a.example,http://[::1]:80",
        ("https://a.example", "http://[::1]:80"),
    ),
    ("DOCS_PATH", "off", "off"),
    ("DOCS_PATH", "/k3v9-docs/v1.0", "/k3v9-docs/v1.0"),
    ("API_KEY", "x" * 512, "x" * 512),
    ("DATA_DIR", "/var/lib/plg", Path("/var/lib/plg")),
    ("DATABASE_URL", "sqlite+aiosqlite:////var/db", "sqlite+aiosqlite:////var/db"),
    ("EXTERNAL_API_BASE_URL", "http://10.0.0.1:8080/api/", "http://10.0.0.1:8080/api"),
    ("EXTERNAL_API_TIMEOUT_SECONDS", "0.01", 0.01),
    ("EXTERNAL_API_ATTEMPT_TIMEOUT_SECONDS", "2", 2.0),
    ("EXTERNAL_API_HEADERS", '{"X-Key": "a b", "Y": ""}', {"X-Key": "a b", "Y": ""}),
    ("EXTERNAL_API_RETRIES_MAX", "0", 0),
    ("CACHE_TTL_SECONDS", "0", 0.0),
    ("CACHE_TTL_JITTER", "1", 1.0),
    ("CACHE_MEMORY_MAX_MIB", "0.5", 0.5),
    ("LOG_LEVEL", "DEBUG", "debug"),
    ("LOG_FORMAT", "console", "console"),
    ("REQUEST_LOG_RATIO", "1e-3", 0.001),
]
BAD: list[tuple[str, str]] = [
    ("API_HOST", "two hosts"),
    ("API_HOST", "a..b"),
    ("API_HOST", "\udcff"),
    ("DATA_DIR", "\udcff"),
    ("RATE_LIMIT_BURST", "0/minute"),
    ("API_PORT", "0"),
    ("API_PORT", "65536"),
    ("API_PORT", "-1"),
    ("API_PORT", "+1"),
    ("API_PORT", "80.0"),
    ("API_PORT", "\uff18\uff10"),
    ("API_PORT", "1" * 400),
    ("API_WORKERS", "0"),
    ("FAST_LANE", "yes"),
    ("PUBLIC_BASE_URL", "localhost:9600"),
    ("PUBLIC_BASE_URL", "ftp://a.example"),
    ("EXTERNAL_API_BASE_URL", "http://"),
    ("EXTERNAL_API_BASE_URL", "http://a.example/?q=1"),
    ("EXTERNAL_API_BASE_URL", "http://a.example/#f"),
    ("EXTERNAL_API_BASE_URL", "http://a.example/a b"),
    ("EXTERNAL_API_BASE_URL", "http://é.example"),
    ("EXTERNAL_API_BASE_URL", "http://[::1"),
    ("EXTERNAL_API_BASE_URL", "http://a.example:99999"),
    ("EXTERNAL_API_BASE_URL", "http://a.example:port"),
    ("EXTERNAL_API_BASE_URL", "http://a.example:0"),
    ("EXTERNAL_API_TIMEOUT_SECONDS", "0"),
    ("EXTERNAL_API_TIMEOUT_SECONDS", "nan"),
    ("EXTERNAL_API_TIMEOUT_SECONDS", "inf"),
    ("EXTERNAL_API_TIMEOUT_SECONDS", "5s"),
    ("EXTERNAL_API_HEADERS", "X-Key: a"),
    ("EXTERNAL_API_HEADERS", "[]"),
    ("EXTERNAL_API_HEADERS", "null"),
    ("EXTERNAL_API_HEADERS", '{"X-Key": 1}'),
    ("EXTERNAL_API_HEADERS", '{"X Key": "a"}'),
    ("EXTERNAL_API_HEADERS", '{"": "a"}'),
    ("EXTERNAL_API_HEADERS", '{"X-Key": "a\\r\\nHost: b"}'),
    ("EXTERNAL_API_HEADERS", '{"X-Key": "é"}'),
    ("EXTERNAL_API_HEADERS", "[" * 100_000),
    ("TRUSTED_PROXIES", "10.0.0.1/8"),
    ("TRUSTED_PROXIES", "localhost"),
    ("METRICS_ALLOW", "10.0.0.0/33"),
    ("CORS_ALLOW_ORIGINS", "app.example"),
    ("CORS_ALLOW_ORIGINS", "https://app.example/"),
    ("DOCS_PATH", "docs"),
    ("DOCS_PATH", "/"),
    ("DOCS_PATH", "/a//b"),
    ("DOCS_PATH", "/.."),
    ("DOCS_PATH", "/a?b"),
    ("API_KEY", "two words"),
    ("API_KEY", "é"),
    ("API_KEY", "x" * 513),
    ("DATABASE_URL", "oracle://db/plg"),
    ("DATABASE_URL", "postgresql://db"),
    ("DATABASE_URL", "mysql://:3306/plg"),
    ("CACHE_DATABASE_URL", "postgresql://us er@db/plg"),
    ("DATABASE_URL", "sqlite:///file"),
    ("DATABASE_URL", "sqlite+aiosqlite:///"),
    ("CACHE_DATABASE_URL", "sqlite+aiosqlite:///:memory:"),
    ("CACHE_TTL_JITTER", "1.1"),
    ("CACHE_TTL_SECONDS", "-1"),
    ("CACHE_MEMORY_MAX_MIB", "many"),
    ("LOG_LEVEL", "loud"),
    ("REQUEST_LOG_RATIO", "2"),
]


@pytest.mark.parametrize(("name", "text", "value"), GOOD)
def test_a_good_value_is_taken(name: str, text: str, value: object) -> None:
    taken = value_of(name, {name: text})
    networks = isinstance(taken, tuple) and bool(taken) and not isinstance(taken[0], str)

    assert (tuple(map(str, taken)) if networks else taken) == value


@pytest.mark.parametrize(("name", "text"), BAD, ids=lambda value: value[:40])
def test_a_bad_value_is_one_sentence_that_names_the_variable(name: str, text: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_env({name: text})

    assert str(caught.value).startswith(f"{name} must ")
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("blank", ["", "  "])
@pytest.mark.parametrize("name", names())
def test_a_blank_value_counts_as_unset(name: str, blank: str) -> None:
    assert value_of(name, {name: blank}) == value_of(name, {})


def test_a_value_in_the_sentence_helps_to_find_it() -> None:
    with pytest.raises(SettingError, match="not 'loud'"):
        Settings.from_env({"LOG_LEVEL": "loud"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("API_KEY", f"{SECRET} two"),
        ("EXTERNAL_API_HEADERS", f'{{"X-Key": "{SECRET}\\n"}}'),
        ("EXTERNAL_API_BASE_URL", f"http://user:{SECRET}@a.example"),
        ("EXTERNAL_API_BASE_URL", f"http://:{SECRET}@a.example"),
    ],
)
def test_a_bad_value_with_a_secret_is_not_shown(name: str, text: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_env({name: text})

    assert SECRET not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.parametrize(
    "env", [{"API_KEY": SECRET}, {"EXTERNAL_API_HEADERS": f'{{"X-Key": "{SECRET}"}}'}]
)
def test_secrets_are_never_shown(env: dict[str, str]) -> None:
    settings = Settings.from_env(env)

    assert SECRET not in f"{settings!r} {settings} {settings.describe()}"


def test_a_secret_that_is_set_is_said_to_be() -> None:
    assert Settings.from_env({"API_KEY": SECRET}).describe()["API_KEY"] == "(set)"


def test_a_secret_that_is_not_set_is_empty() -> None:
    assert Settings.from_env({}).describe()["API_KEY"] == ""


def test_the_environment_is_above_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("API_PORT=1111\nAPI_HOST=0.0.0.0\nLOG_LEVEL\n")
    server = Settings.from_env({"API_PORT": "2222"}, dotenv=dotenv).server

    assert (server.port, server.host) == (2222, "0.0.0.0")


def test_a_file_that_is_not_there_sets_nothing(tmp_path: Path) -> None:
    assert Settings.from_env({}, dotenv=tmp_path / ".env") == Settings.from_env({})


def test_an_unknown_variable_is_ignored() -> None:
    assert Settings.from_env({"HOME": "/root"}) == Settings.from_env({})


def test_databases_are_in_the_data_folder_unless_they_are_set() -> None:
    storage = Settings.from_env({"DATA_DIR": "/srv"}).storage

    assert (storage.database_url, storage.cache_database_url) == (
        "sqlite+aiosqlite:////srv/db.sqlite3",
        "sqlite+aiosqlite:////srv/cache.sqlite3",
    )


def test_the_public_address_has_the_port_unless_it_is_set() -> None:
    assert value_of("PUBLIC_BASE_URL", {"API_PORT": "80"}) == "http://localhost:80"


def test_metrics_are_for_this_machine_unless_they_are_opened() -> None:
    allowed = value_of("METRICS_ALLOW", {})

    assert [ipaddress.ip_address("127.0.0.1") in network for network in allowed] == [True, False]


def test_everything_has_a_default_that_can_be_used() -> None:
    settings = Settings.from_env({})

    assert (settings.server.port, settings.cache.ttl_seconds, settings.source.base_url) == (
        9600,
        3600,
        None,
    )


def test_a_description_can_be_read_back() -> None:
    env = {name: text for name, text, _ in GOOD if name not in ("API_KEY", "EXTERNAL_API_HEADERS")}
    settings = Settings.from_env(env)
    described = {name: text for name, text in settings.describe().items() if text != "(set)"}

    assert Settings.from_env(described) == settings


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("postgresql://u:p@db:5433/plg?sslmode=require",
         "postgresql+psycopg://u:p@db:5433/plg?sslmode=require"),
        ("mysql://u@db/plg", "mysql+aiomysql://u@db/plg?charset=utf8mb4"),
        ("mariadb://u@db/plg?ssl=true", "mysql+aiomysql://u@db/plg?ssl=true&charset=utf8mb4"),
    ],
)  # fmt: skip
def test_a_database_on_a_server_needs_no_driver(given: str, made: str) -> None:
    storage = Settings.from_env({"DATABASE_URL": given}).storage

    assert (storage.database_url, storage.is_one_file) == (made, False)
    assert all("db" not in str(path) for path in storage.files)


def test_the_password_of_a_database_is_never_shown() -> None:
    settings = Settings.from_env({"DATABASE_URL": "postgresql://plg:s3cr3t@db/plg"})

    assert settings.describe()["DATABASE_URL"] == "postgresql+psycopg://plg:***@db/plg"
    assert "s3cr3t" not in repr(settings)
