"""What a command may end with besides success: one sentence on standard error, and a status."""

import click

from plg.domain.errors import InvalidRequest, NoMatch, PlgError
from plg.settings import SettingError


class Failed(click.ClickException):
    """It could not be done."""

    exit_code = 1


class WrongUse(Failed):
    """It was asked for in a way that cannot be meant, or a setting cannot be used."""

    exit_code = 2


class NothingFound(Failed):
    """There is no match."""

    exit_code = 3


def as_click(error: PlgError | SettingError) -> Failed:
    """Return what the failure means in a shell."""
    if isinstance(error, SettingError | InvalidRequest):
        return WrongUse(_sentence(error))
    return (
        NothingFound(_sentence(error)) if isinstance(error, NoMatch) else Failed(_sentence(error))
    )


def _sentence(error: Exception) -> str:
    line = " ".join(str(error).split())
    line = line[:1].upper() + line[1:]
    return line if line.endswith((".", "!", "?")) else f"{line}."
