"""The operator's decisions, one class for each concern."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar, cast

from plg.domain.limits.rates import LimitTier, Rate
from plg.settings import values
from plg.settings.resources.file import DEFAULT_FILE
from plg.settings.resources.short import short_forms

T = TypeVar("T")


def setting(
    name: str,
    parse: Callable[[str], T],
    default: str | None,
    *,
    secret: bool = False,
    is_shown: bool = True,
) -> T:
    """
    Declare a field: the variable's name, how its text is read, and its text when unset.

    A secret is shown as set or not set; what is not shown as it is may hold one, as a URL does.
    """
    metadata = {"name": name, "parse": parse, "default": default, "secret": secret}
    return cast("T", field(repr=is_shown and not secret, metadata=metadata))


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How the HTTP server listens, and what it bears."""

    host: str = setting("API_HOST", values.host, "127.0.0.1")
    port: int = setting("API_PORT", values.integer(1, 65535), "9600")
    workers: int = setting("API_WORKERS", values.integer(1, 64), "1")
    public_base_url: str = setting(
        "PUBLIC_BASE_URL", values.base_url, "http://localhost:{API_PORT}"
    )
    has_fast_lane: bool = setting("FAST_LANE", values.switch, "on")
    connections_max: int = setting("API_CONNECTIONS_MAX", values.integer(1, 1_000_000), "10000")
    keep_alive_seconds: float = setting("API_KEEP_ALIVE_SECONDS", values.number(1, 3600), "75")
    request_seconds: float = setting("API_REQUEST_TIMEOUT_SECONDS", values.number(1, 600), "10")
    shutdown_seconds: int = setting("API_SHUTDOWN_SECONDS", values.integer(1, 600), "20")
    trusted_proxies: values.Networks = setting("TRUSTED_PROXIES", values.networks, "")
    cors_allow_origins: tuple[str, ...] = setting("CORS_ALLOW_ORIGINS", values.origins, "")
    docs_path: str = setting("DOCS_PATH", values.docs_path, "")
    metrics_allow: values.Networks = setting("METRICS_ALLOW", values.networks, "127.0.0.0/8,::1")


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """Who may ask."""

    service_key: str | None = setting("API_KEY", values.service_key, None, secret=True)
    secret_key: str | None = setting("SECRET_KEY", values.secret_key, None, secret=True)
    previous_secret_keys: tuple[str, ...] = setting(
        "SECRET_KEY_PREVIOUS", values.secret_keys, "", secret=True
    )
    credentials_remembered_max: int = setting(
        "CREDENTIALS_REMEMBERED_MAX", values.integer(1, 10_000_000), "131072"
    )
    access_token_minutes: int = setting(
        "ACCESS_TOKEN_EXPIRE_MINUTES", values.integer(1, 1440), "15"
    )
    refresh_token_days: int = setting("REFRESH_TOKEN_EXPIRE_DAYS", values.integer(1, 365), "7")


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Who gets an account, and how passwords are checked."""

    registration: str = setting("REGISTRATION", values.choice("open", "closed"), "open")
    needs_verified_email: bool = setting("REQUIRE_VERIFIED_EMAIL", values.switch, "off")
    password_threads: int = setting("PASSWORD_THREADS", values.integer(1, 64), "1")
    password_waiting_max: int = setting("PASSWORD_WAITING_MAX", values.integer(0, 10_000), "64")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail leaves; without a host it is written to `{DATA_DIR}/outbox`."""

    host: str | None = setting("SMTP_HOST", values.host, None)
    port: int = setting("SMTP_PORT", values.integer(1, 65535), "587")
    username: str | None = setting("SMTP_USERNAME", values.text, None)
    password: str | None = setting("SMTP_PASSWORD", values.text, None, secret=True)
    security: str = setting("SMTP_TLS", values.choice("starttls", "tls", "off"), "starttls")
    sender: str = setting("SMTP_FROM", values.mail_address, "plg@localhost")


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """How often callers may ask, where no rates of their own say otherwise."""

    burst: Rate = setting("RATE_LIMIT_BURST", values.rate, "60/minute")
    sustained: Rate = setting("RATE_LIMIT_SUSTAINED", values.rate, "1000/hour")
    auth_token: Rate = setting("RATE_LIMIT_AUTH_TOKEN", values.rate, "5/minute")
    data_modification: Rate = setting("RATE_LIMIT_DATA_MODIFICATION", values.rate, "30/minute")
    content_listing: Rate = setting("RATE_LIMIT_CONTENT_LISTING", values.rate, "30/minute")
    search: Rate = setting("RATE_LIMIT_SEARCH", values.rate, "20/minute")
    admin: Rate = setting("RATE_LIMIT_ADMIN", values.rate, "100/hour")
    source_calls: Rate = setting("RATE_LIMIT_SOURCE_CALLS", values.rate, "600/minute")

    def by_tier(self) -> dict[LimitTier, Rate]:
        """Return the rate of each tier."""
        return {tier: getattr(self, tier) for tier in LimitTier}


@dataclass(frozen=True, slots=True)
class BillingSettings:
    """What accounts may use and what that costs, where nobody decided it for them."""

    default_plan: str = setting("DEFAULT_PLAN", values.plan_code, "basic")


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Which addresses accounts may have called, and for how long that may take."""

    allow_networks: values.Networks = setting("WEBHOOK_ALLOW_NETWORKS", values.networks, "")
    timeout_seconds: float = setting("WEBHOOK_TIMEOUT_SECONDS", values.number(0.1, 60), "10")


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """Where things are kept."""

    data_dir: Path = setting("DATA_DIR", Path, "data")
    database_url: str = setting(
        "DATABASE_URL",
        values.database_url,
        "sqlite+aiosqlite:///{DATA_DIR}/db.sqlite3",
        is_shown=False,
    )
    cache_database_url: str = setting(
        "CACHE_DATABASE_URL",
        values.database_url,
        "sqlite+aiosqlite:///{DATA_DIR}/cache.sqlite3",
        is_shown=False,
    )
    ledger_durability: str = setting("LEDGER_DURABILITY", values.choice("full", "normal"), "full")

    @property
    def files(self) -> tuple[Path, ...]:
        """Databases and secret: files that no command may write its output to."""
        databases = (each for each in (self.database_file, self.cache_file) if each is not None)
        return (*databases, self.data_dir / "secret_key")

    @property
    def database_file(self) -> Path | None:
        """The file of the durable database; None where it is on a server."""
        return values.database_path(self.database_url)

    @property
    def cache_file(self) -> Path | None:
        """The file of the cache database; None where it is on a server."""
        return values.database_path(self.cache_database_url)

    @property
    def is_one_file(self) -> bool:
        """Tell whether both databases are one file, by whatever spelling, link or detour."""
        durable, cache = self.database_file, self.cache_file
        if durable is None or cache is None:
            return False
        try:
            return durable.samefile(cache)
        except OSError:  # one of them is not there yet
            return os.path.realpath(durable) == os.path.realpath(cache)


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where players come from, and how gently it is asked."""

    base_url: str | None = setting("EXTERNAL_API_BASE_URL", values.base_url, None)
    timeout_seconds: float = setting("EXTERNAL_API_TIMEOUT_SECONDS", values.number(0.01, 600), "5")
    attempt_seconds: float | None = setting(
        "EXTERNAL_API_ATTEMPT_TIMEOUT_SECONDS", values.number(0.01, 600), None
    )
    headers: Mapping[str, str] = setting("EXTERNAL_API_HEADERS", values.headers, "{}", secret=True)
    retries_max: int = setting("EXTERNAL_API_RETRIES_MAX", values.integer(0, 10), "2")
    calls_max: int = setting("EXTERNAL_API_CALLS_MAX", values.integer(1, 10_000), "64")
    wait_seconds: float = setting("EXTERNAL_API_WAIT_SECONDS", values.number(0, 600), "1")
    breaker_failures_max: int = setting("BREAKER_FAILURES_MAX", values.integer(1, 10_000), "5")
    breaker_open_seconds: float = setting("BREAKER_OPEN_SECONDS", values.number(0.01, 3600), "10")


@dataclass(frozen=True, slots=True)
class VehicleSettings:
    """Where vehicles come from, where that differs from players, and how long they are fresh."""

    base_url: str | None = setting("VEHICLE_API_BASE_URL", values.base_url, None)
    headers: Mapping[str, str] | None = setting(
        "VEHICLE_API_HEADERS", values.headers, None, secret=True
    )
    static_ttl_seconds: float = setting(
        "VEHICLE_STATIC_TTL_SECONDS", values.number(0, 31_536_000), "86400"
    )
    dynamic_ttl_seconds: float = setting(
        "VEHICLE_DYNAMIC_TTL_SECONDS", values.number(0, 31_536_000), "300"
    )

    def source(self, players: SourceSettings) -> SourceSettings:
        """
        Return the settings of the vehicles' source: the players', but for where and with what.

        What the players' source knows us by is not sent to another address.
        """
        if self.base_url is None:
            headers = players.headers if self.headers is None else self.headers
            return replace(players, headers=headers)
        return replace(players, base_url=self.base_url, headers=self.headers or {})


@dataclass(frozen=True, slots=True)
class ResourceSettings:
    """
    Where kinds of records are declared.

    Attributes:
        file: None where there is none.
    """

    file: Path | None = setting("RESOURCES_FILE", Path, DEFAULT_FILE)
    short: tuple[tuple[str, str], ...] = setting("RESOURCES", short_forms, "")


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """How long what is known may be served, and how much of it is held in memory."""

    ttl_seconds: float = setting("CACHE_TTL_SECONDS", values.number(0, 31_536_000), "3600")
    stale_while_revalidate_seconds: float = setting(
        "CACHE_STALE_WHILE_REVALIDATE_SECONDS", values.number(0, 31_536_000), "60"
    )
    stale_if_error_seconds: float = setting(
        "CACHE_STALE_IF_ERROR_SECONDS", values.number(0, 31_536_000), "86400"
    )
    negative_ttl_seconds: float = setting(
        "CACHE_NEGATIVE_TTL_SECONDS", values.number(0, 31_536_000), "0"
    )
    ttl_jitter: float = setting("CACHE_TTL_JITTER", values.number(0, 1), "0.05")
    memory_max_mib: float = setting("CACHE_MEMORY_MAX_MIB", values.number(0, 1_048_576), "64")


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is written about it."""

    level: str = setting("LOG_LEVEL", values.choice("debug", "info", "warning", "error"), "info")
    format: str = setting("LOG_FORMAT", values.choice("json", "console"), "json")
    request_ratio: float = setting("REQUEST_LOG_RATIO", values.number(0, 1), "1")
