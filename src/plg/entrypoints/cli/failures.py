"""What a command may end with besides success: one sentence on standard error, and a status."""

import os

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


def as_click(error: PlgError | SettingError | OSError | UnicodeError) -> Failed:
    """Return what the failure means in a shell."""
    if isinstance(error, OSError):
        return Failed(_sentence(_refusal(error)))
    if isinstance(error, UnicodeError):
        return WrongUse("What was given is not UTF-8.")
    if isinstance(error, SettingError | InvalidRequest):
        return WrongUse(_sentence(str(error)))
    if isinstance(error, NoMatch | NotFound):
        return NothingFound(_sentence(str(error)))
    if isinstance(error, SourceError):
        return Failed(_sentence(f"the source gave no usable answer: {error}"))
    return Failed(_sentence(str(error)))


def _refusal(error: OSError) -> str:
    """Return what the system refused, and of which file where it says so."""
    reason = error.strerror or str(error)
    if error.filename is None:
        return f"a file or stream cannot be used: {reason}"
    return f"{os.fsdecode(error.filename)}: {reason}"


def _sentence(text: str) -> str:
    line = " ".join(text.split())
    if line.partition(" ")[0].isalpha():  # not a name such as killer_bi_id
        line = line[:1].upper() + line[1:]
    return line if line.endswith((".", "!", "?")) else f"{line}."
