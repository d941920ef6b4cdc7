"""What commands share: the settings in force, and a container made of them."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from plg.container import Container, close, prepare, prepare_storage
from plg.settings import DOTENV, SettingError, Settings


def read_settings() -> Settings:
    """
    Read `.env` and the environment, which wins.

    Raises:
        SettingError: If a value cannot be used.
    """
    return Settings.from_env(os.environ, dotenv=DOTENV)


def read_settings_with_source() -> Settings:
    """
    Read the settings of a command that may ask the source.

    Raises:
        SettingError: If a value cannot be used, or nothing says where the source is.
    """
    settings = read_settings()
    if settings.source.base_url is None:
        raise SettingError(
            "EXTERNAL_API_BASE_URL must be set to the address of your source, such as "
            "https://internal.example/api; to try PLG without one, run `plg demo`."
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
async def opened(
    container: Container, *, needs_signing_keys: bool = True
) -> AsyncIterator[Container]:
    """
    Have the databases ready; on the way out, write what waits and close everything.

    Raises:
        StorageUnavailable: If a database cannot be opened or migrated.
        SealBroken: If the keys that sign access tokens are needed and cannot be read.
    """
    try:
        await (prepare if needs_signing_keys else prepare_storage)(container)
        yield container
    finally:
        await close(container)
