"""What a command may end with besides success: one sentence on standard error, and a status."""

import click

from plg.domain.errors import InvalidRequest, NoMatch, NotFound, PlgError, SourceError
from plg.settings import SettingError


class Failed(click.ClickException):
    """It could not be done."""

    exit_code = 1


class WrongUse(Failed):
    """It was asked for in a way that cannot be meant, or a setting cannot be used."""

    exit_code = 2


class NothingFound(Failed):
    """There is no match, or nothing of this id."""

    exit_code = 3


def as_click(error: PlgError | SettingError) -> Failed:
    """Return what the failure means in a shell."""
    if isinstance(error, SettingError | InvalidRequest):
        return WrongUse(_sentence(str(error)))
    if isinstance(error, NoMatch | NotFound):
        return NothingFound(_sentence(str(error)))
    if isinstance(error, SourceError):
        return Failed(_sentence(f"the source gave no usable answer: {error}"))
    return Failed(_sentence(str(error)))


def _sentence(text: str) -> str:
    line = " ".join(text.split())
    if line.partition(" ")[0].isalpha():  # not a name such as killer_bi_id
        line = line[:1].upper() + line[1:]
    return line if line.endswith((".", "!", "?")) else f"{line}."
