"""Every decision of the operator, read once from the environment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from plg.settings.concerns import (
    AccessSettings,
    AccountSettings,
    BillingSettings,
    CacheSettings,
    LimitSettings,
    LogSettings,
    MailSettings,
    ServerSettings,
    SourceSettings,
    StorageSettings,
    VehicleSettings,
    WebhookSettings,
)
from plg.settings.values import written
from plg.settings.variables import Misspelled, Origin, SettingError, Variables

__all__ = ["DOTENV", "Misspelled", "Origin", "SettingError", "Settings", "Variables"]

T = TypeVar("T")
DOTENV = Path(".env")


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it; secrets never print."""

    server: ServerSettings
    access: AccessSettings
    accounts: AccountSettings
    limits: LimitSettings
    billing: BillingSettings
    mail: MailSettings
    webhooks: WebhookSettings
    storage: StorageSettings
    source: SourceSettings
    vehicles: VehicleSettings
    cache: CacheSettings
    log: LogSettings

    @classmethod
    def from_env(cls, env: Mapping[str, str], *, dotenv: Path | None = None) -> Self:
        """
        Read the settings from `env`, over a `.env` file where one is given; blank counts as unset.

        Raises:
            SettingError: If a value cannot be used, or the file cannot.
        """
        return cls.of(Variables.read(env, dotenv))

    @classmethod
    def of(cls, variables: Variables) -> Self:
        """
        Return the settings that are made of what is set.

        Raises:
            SettingError: If a value cannot be used.
        """
        given = variables.given()
        settings = cls(**{part.name: _read(cast("Any", part.type), given) for part in fields(cls)})
        if settings.storage.is_one_file:
            raise SettingError(
                "CACHE_DATABASE_URL leads to the file of DATABASE_URL: set it to a file of its own."
            )
        return settings

    @property
    def serves_players(self) -> bool:
        """Tell whether there is a source of players."""
        return self.source.base_url is not None

    @property
    def serves_vehicles(self) -> bool:
        """Tell whether there is a source of vehicles."""
        return self.vehicles.source(self.source).base_url is not None

    def describe(self) -> dict[str, str]:
        """Return each variable with the value in force as text, secrets masked."""
        return {
            item.metadata["name"]: _show(
                getattr(getattr(self, part.name), item.name), item.metadata
            )
            for part in fields(self)
            for item in fields(cast("Any", part.type))
        }


def _read(concern: type[T], env: Mapping[str, str]) -> T:
    values: dict[str, object] = {}
    for item in fields(cast("Any", concern)):
        name, default = item.metadata["name"], item.metadata["default"]
        value = env.get(name, default)
        if value is not None and name not in env:
            value = value.replace("{DATA_DIR}", env.get("DATA_DIR", "data"))
            value = value.replace("{API_PORT}", env.get("API_PORT", "9600"))
        try:
            values[item.name] = None if value is None else _parsed(value, item.metadata["parse"])
        except ValueError as error:
            may_hold_secret = item.metadata["secret"] or "@" in str(value)
            shown = "" if may_hold_secret else f", not {value!r}"
            raise SettingError(f"{name} {error}{shown}.") from None
    return concern(**values)


def _parsed(value: str, parse: Callable[[str], T]) -> T:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be UTF-8") from None
    return parse(value)


def _show(value: object, metadata: Mapping[str, Any]) -> str:
    if metadata["secret"]:
        return "(set)" if value else ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, float):
        return written(value)
    return "" if value is None else str(value)
