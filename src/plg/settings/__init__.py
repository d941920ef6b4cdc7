"""Every decision of the operator, read once from the environment."""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields, replace
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
    ResourceSettings,
    ServerSettings,
    SourceSettings,
    StorageSettings,
    VehicleSettings,
    WebhookSettings,
)
from plg.settings.resources.catalogue import NOTHING, Catalogue, FileSource
from plg.settings.resources.file import read_catalogue, together
from plg.settings.resources.short import catalogue_of_short
from plg.settings.values import masked, written
from plg.settings.variables import Misspelled, Origin, SettingError, Variables

__all__ = [
    "DOTENV",
    "RESOURCES_COPY",
    "Misspelled",
    "Origin",
    "SettingError",
    "Settings",
    "Variables",
]

T = TypeVar("T")
DOTENV = Path(".env")
RESOURCES_COPY = "RESOURCES_COPY"
"""Where workers find the declarations that their parent has read; no setting of operators."""


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
    resources: ResourceSettings
    cache: CacheSettings
    log: LogSettings
    catalogue: Catalogue = NOTHING

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
        parts = {part.name: _read(cast("Any", part.type), given) for part in _concerns(cls)}
        settings = cls(**parts)
        is_named = "RESOURCES_FILE" in given or RESOURCES_COPY in given
        if not is_named and not _is_there(settings.resources.file):
            settings = replace(settings, resources=replace(settings.resources, file=None))
        settings = replace(settings, catalogue=_declared(settings.resources, given))
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

    @property
    def source_seconds(self) -> float:
        """How long a lookup may take at most, of whatever kind."""
        declared = (
            each.timeout_seconds
            for each in self.catalogue.sources.values()
            if not isinstance(each, FileSource)
        )
        return max(self.source.timeout_seconds, *declared, 0.0)

    def describe(self) -> dict[str, str]:
        """Return each variable with the value in force as text, secrets masked."""
        return {
            item.metadata["name"]: _show(
                getattr(getattr(self, part.name), item.name), item.metadata
            )
            for part in _concerns(self)
            for item in fields(cast("Any", part.type))
        }


def _concerns(settings: Settings | type[Settings]) -> list[Field[Any]]:
    return [part for part in fields(settings) if part.name != "catalogue"]


def _is_there(file: Path | None) -> bool:
    return file is not None and file.exists()


def _declared(resources: ResourceSettings, given: Mapping[str, str]) -> Catalogue:
    copy = given.get(RESOURCES_COPY)
    in_file = NOTHING
    if resources.file is not None:
        in_file = read_catalogue(resources.file, given, None if copy is None else Path(copy))
    return together(in_file, catalogue_of_short(resources.short))


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
        return ",".join("=".join(each) if isinstance(each, tuple) else str(each) for each in value)
    if isinstance(value, float):
        return written(value)
    return "" if value is None else masked(str(value))
