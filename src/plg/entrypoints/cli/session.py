"""What commands share: the settings in force, and a container made of them."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import click

from plg.container import Container, close, prepare_command
from plg.settings import DOTENV, Origin, SettingError, Settings, Variables

_WARNED: Final = "plg.warned"


def read_settings() -> Settings:
    """
    Read `.env` and the environment, which wins; warn of names that are probably misspelled.

    Raises:
        SettingError: If a value cannot be used.
    """
    variables = read_variables()
    settings = Settings.of(variables)
    warned: set[str] = click.get_current_context().meta.setdefault(_WARNED, set())
    for each in variables.misspelled(settings.describe()):
        if each.name not in warned:
            warned.add(each.name)
            where = f"in {each.origin}" if each.origin is Origin.DOTENV else f"in the {each.origin}"
            click.echo(f"{each.name} {where} is no setting: is {each.nearest} meant?", err=True)
    return settings


def read_variables() -> Variables:
    """
    Read what is set, before it is known what it means.

    Raises:
        SettingError: If `.env` cannot be used.
    """
    return Variables.read(os.environ, DOTENV)


def read_settings_to_serve() -> Settings:
    """
    Read the settings of a gateway, which serves players, vehicles or both.

    Raises:
        SettingError: If a value cannot be used, or nothing says where any source is.
    """
    settings = read_settings()
    if not (settings.serves_players or settings.serves_vehicles or settings.catalogue.resources):
        raise SettingError(
            "EXTERNAL_API_BASE_URL must be set to the address of your source, such as "
            "https://internal.example/api, or VEHICLE_API_BASE_URL for vehicles alone, or declare "
            "kinds of your own in RESOURCES_FILE; to try PLG without a source, run `plg demo`."
        )
    return settings


def read_settings_for_players() -> Settings:
    """
    Read the settings of a command that may ask the source of players.

    Raises:
        SettingError: If a value cannot be used, or nothing says where that source is.
    """
    settings = read_settings()
    if not settings.serves_players:
        raise SettingError(
            "EXTERNAL_API_BASE_URL must be set to the address of your source of players, such as "
            "https://internal.example/api; to try PLG without one, run `plg demo`."
        )
    return settings


def read_settings_for_vehicles() -> Settings:
    """
    Read the settings of a command that may ask the source of vehicles.

    Raises:
        SettingError: If a value cannot be used, or nothing says where that source is.
    """
    settings = read_settings()
    if not settings.serves_vehicles:
        raise SettingError(
            "VEHICLE_API_BASE_URL must be set to the address of your source of vehicles, or "
            "EXTERNAL_API_BASE_URL where players come from there too; to try PLG without one, run "
            "`plg demo`."
        )
    return settings


def new_container(settings: Settings, *, log_level: str = "error") -> Container:
    """
    Return a container, with logging set up; tests give theirs as the object of click's context.

    A command that ends says itself what went wrong: it logs less than a server does.
    """
    make = click.get_current_context().obj or Container
    container: Container = make(settings=settings)
    container.set_up_logging(log_level)
    return container


@asynccontextmanager
async def session(
    *, needs_signing_keys: bool = True, needs_cache: bool = False
) -> AsyncIterator[Container]:
    """Have ready, under the settings in force, what a command needs; as `opened` has it."""
    container = new_container(read_settings())
    async with opened(
        container, needs_signing_keys=needs_signing_keys, needs_cache=needs_cache
    ) as ready:
        yield ready


@asynccontextmanager
async def opened(
    container: Container, *, needs_signing_keys: bool = True, needs_cache: bool = False
) -> AsyncIterator[Container]:
    """
    Have ready what a command needs; on the way out, write what waits and close everything.

    Raises:
        StorageUnavailable: If a database cannot be opened or migrated.
        SealBroken: If the keys that sign access tokens are needed and cannot be read.
    """
    try:
        await prepare_command(
            container, needs_signing_keys=needs_signing_keys, needs_cache=needs_cache
        )
        yield container
    finally:
        await close(container)
