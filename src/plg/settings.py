"""Every decision of the operator, read once from the environment."""

import ipaddress
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self, TypeVar, cast
from urllib.parse import urlsplit

from dotenv import dotenv_values

T = TypeVar("T")
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
DOTENV = Path(".env")
KEY_LENGTH_MAX = 512
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")


class SettingError(Exception):
    """A setting cannot be used; the message names the variable and says what would do."""


def _setting(
    name: str, parse: Callable[[str], T], default: str | None, *, secret: bool = False
) -> T:
    """Declare a field: the variable's name, how its text is read, and its text when unset."""
    metadata = {"name": name, "parse": parse, "default": default}
    return cast("T", field(repr=not secret, metadata={**metadata, "secret": secret}))


def _text(value: str) -> str:
    return value


def _integer(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(value)

    return parse


def _number(least: float, most: float) -> Callable[[str], float]:
    def parse(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise ValueError(f"must be a number from {least:g} to {most:g}")
        return number

    return parse


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.lower() not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value.lower()

    return parse


def _switch(value: str) -> bool:
    return _choice("on", "off")(value) == "on"


def _base_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ValueError("must be an address such as https://internal.example/api")
    if parts.query or parts.fragment or "@" in parts.netloc or re.search(r"[^\x21-\x7e]", value):
        raise ValueError("must have no user, query, fragment, blanks or letters beyond ASCII")
    return value.rstrip("/")


def _database_url(value: str) -> str:
    path = value.removeprefix("sqlite+aiosqlite:///")
    if path in (value, "", ":memory:"):
        raise ValueError("must begin with sqlite+aiosqlite:/// and go on with a file's path")
    return value


def _service_key(value: str) -> str:
    if len(value) > KEY_LENGTH_MAX or not re.fullmatch(r"[\x21-\x7e]+", value):
        raise ValueError(
            f"must have at most {KEY_LENGTH_MAX} visible ASCII characters and no blanks"
        )
    return value


def _headers(value: str) -> dict[str, str]:
    try:
        headers: dict[str, object] = json.loads(value)
        is_object = isinstance(headers, dict)
    except (ValueError, RecursionError):
        is_object = False
    if not is_object:
        raise ValueError('must be a JSON object of texts, such as {"X-Api-Key": "..."}')
    for name, text in headers.items():
        is_sound = isinstance(text, str) and _HEADER_VALUE.fullmatch(text)
        if not is_sound or not _HEADER_NAME.fullmatch(name):
            raise ValueError("must map header names to texts of printable ASCII")
    return {name: str(text) for name, text in headers.items()}


def _networks(value: str) -> Networks:
    try:
        return tuple(ipaddress.ip_network(part) for part in _parts(value))
    except ValueError:
        raise ValueError("must be networks such as 10.0.0.0/8,::1, comma between them") from None


def _origins(value: str) -> tuple[str, ...]:
    origins = _parts(value)
    for origin in origins:
        if origin != "*" and not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:_-]+", origin):
            raise ValueError("must be * or origins such as https://app.example, comma between them")
    return origins


def _docs_path(value: str) -> str:
    if value != "off" and not re.fullmatch(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*", value):
        raise ValueError("must be a path such as /k3v9-docs, or off")
    return value


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How the HTTP server listens, and what it bears."""

    host: str = _setting("API_HOST", _text, "127.0.0.1")
    port: int = _setting("API_PORT", _integer(1, 65535), "9600")
    workers: int = _setting("API_WORKERS", _integer(1, 64), "1")
    public_base_url: str = _setting("PUBLIC_BASE_URL", _base_url, "http://localhost:{API_PORT}")
    has_fast_lane: bool = _setting("FAST_LANE", _switch, "on")
    connections_max: int = _setting("API_CONNECTIONS_MAX", _integer(1, 1_000_000), "10000")
    keep_alive_seconds: float = _setting("API_KEEP_ALIVE_SECONDS", _number(1, 3600), "75")
    request_seconds: float = _setting("API_REQUEST_TIMEOUT_SECONDS", _number(1, 600), "10")
    shutdown_seconds: int = _setting("API_SHUTDOWN_SECONDS", _integer(1, 600), "20")
    trusted_proxies: Networks = _setting("TRUSTED_PROXIES", _networks, "")
    cors_allow_origins: tuple[str, ...] = _setting("CORS_ALLOW_ORIGINS", _origins, "")
    docs_path: str = _setting("DOCS_PATH", _docs_path, "")
    metrics_allow: Networks = _setting("METRICS_ALLOW", _networks, "127.0.0.0/8,::1")


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """Who may ask."""

    service_key: str | None = _setting("API_KEY", _service_key, None, secret=True)


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """Where things are kept."""

    data_dir: Path = _setting("DATA_DIR", Path, "data")
    database_url: str = _setting(
        "DATABASE_URL", _database_url, "sqlite+aiosqlite:///{DATA_DIR}/db.sqlite3"
    )
    cache_database_url: str = _setting(
        "CACHE_DATABASE_URL", _database_url, "sqlite+aiosqlite:///{DATA_DIR}/cache.sqlite3"
    )


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where players come from, and how gently it is asked."""

    base_url: str | None = _setting("EXTERNAL_API_BASE_URL", _base_url, None)
    timeout_seconds: float = _setting("EXTERNAL_API_TIMEOUT_SECONDS", _number(0.01, 600), "5")
    attempt_seconds: float | None = _setting(
        "EXTERNAL_API_ATTEMPT_TIMEOUT_SECONDS", _number(0.01, 600), None
    )
    headers: Mapping[str, str] = _setting("EXTERNAL_API_HEADERS", _headers, "{}", secret=True)
    retries_max: int = _setting("EXTERNAL_API_RETRIES_MAX", _integer(0, 10), "2")
    calls_max: int = _setting("EXTERNAL_API_CALLS_MAX", _integer(1, 10_000), "64")
    wait_seconds: float = _setting("EXTERNAL_API_WAIT_SECONDS", _number(0, 600), "1")
    breaker_failures_max: int = _setting("BREAKER_FAILURES_MAX", _integer(1, 10_000), "5")
    breaker_open_seconds: float = _setting("BREAKER_OPEN_SECONDS", _number(0.01, 3600), "10")


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """How long what is known may be served, and how much of it is held in memory."""

    ttl_seconds: float = _setting("CACHE_TTL_SECONDS", _number(0, 31_536_000), "3600")
    stale_while_revalidate_seconds: float = _setting(
        "CACHE_STALE_WHILE_REVALIDATE_SECONDS", _number(0, 31_536_000), "60"
    )
    stale_if_error_seconds: float = _setting(
        "CACHE_STALE_IF_ERROR_SECONDS", _number(0, 31_536_000), "86400"
    )
    negative_ttl_seconds: float = _setting(
        "CACHE_NEGATIVE_TTL_SECONDS", _number(0, 31_536_000), "0"
    )
    ttl_jitter: float = _setting("CACHE_TTL_JITTER", _number(0, 1), "0.05")
    memory_max_mib: float = _setting("CACHE_MEMORY_MAX_MIB", _number(0, 1_048_576), "64")


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is written about it."""

    level: str = _setting("LOG_LEVEL", _choice("debug", "info", "warning", "error"), "info")
    format: str = _setting("LOG_FORMAT", _choice("json", "console"), "json")
    request_ratio: float = _setting("REQUEST_LOG_RATIO", _number(0, 1), "1")


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it; secrets never print."""

    server: ServerSettings
    access: AccessSettings
    storage: StorageSettings
    source: SourceSettings
    cache: CacheSettings
    log: LogSettings

    @classmethod
    def from_env(cls, env: Mapping[str, str], *, dotenv: Path | None = None) -> Self:
        """
        Read the settings from `env`, over a `.env` file where one is given; blank counts as unset.

        Raises:
            SettingError: If a value cannot be used.
        """
        given = given_variables(env, dotenv)
        return cls(**{part.name: _read(cast("Any", part.type), given) for part in fields(cls)})

    def describe(self) -> dict[str, str]:
        """Return each variable with the value in force as text, secrets masked."""
        return {
            item.metadata["name"]: _show(
                getattr(getattr(self, part.name), item.name), item.metadata
            )
            for part in fields(self)
            for item in fields(cast("Any", part.type))
        }


def given_variables(env: Mapping[str, str], dotenv: Path | None) -> dict[str, str]:
    """Return what is set in `env`, over what is set in a `.env` file; blank counts as unset."""
    merged = {**(dotenv_values(dotenv, interpolate=False) if dotenv is not None else {}), **env}
    return {name: value.strip() for name, value in merged.items() if value and value.strip()}


def _read(concern: type[T], env: Mapping[str, str]) -> T:
    values: dict[str, object] = {}
    for item in fields(cast("Any", concern)):
        name, default = item.metadata["name"], item.metadata["default"]
        value = env.get(name, default)
        if value is not None and name not in env:
            value = value.replace("{DATA_DIR}", env.get("DATA_DIR", "data"))
            value = value.replace("{API_PORT}", env.get("API_PORT", "9600"))
        try:
            values[item.name] = None if value is None else item.metadata["parse"](value)
        except ValueError as error:
            may_hold_secret = item.metadata["secret"] or "@" in str(value)
            shown = "" if may_hold_secret else f", not {value!r}"
            raise SettingError(f"{name} {error}{shown}.") from None
    return concern(**values)


def _show(value: object, metadata: Mapping[str, Any]) -> str:
    if metadata["secret"]:
        return "(set)" if value else ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
