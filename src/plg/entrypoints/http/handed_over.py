"""Declarations that a parent read once, for all of its workers."""

import os
from pathlib import Path
from typing import Final

from plg.settings import DOTENV, RESOURCES_COPY, Settings
from plg.settings.resources.file import read_text

_NAME: Final = "resources.toml"


def hand_over(folder: Path) -> None:
    """
    Read what is declared, check it, and let workers that start from now on have it from `folder`.

    Raises:
        SettingError: If there is a mistake in it; then workers have what they had.
    """
    environment = {name: each for name, each in os.environ.items() if name != RESOURCES_COPY}
    settings = Settings.from_env(environment, dotenv=DOTENV)
    if settings.resources.file is None:
        os.environ.pop(RESOURCES_COPY, None)
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy, newer = folder / _NAME, folder / f"{_NAME}.new"
    newer.write_text(read_text(settings.resources.file), encoding="utf-8")
    Settings.from_env({**environment, RESOURCES_COPY: str(newer)}, dotenv=DOTENV)
    newer.replace(copy)
    os.environ[RESOURCES_COPY] = str(copy)
