"""The environment and `.env`, before anybody knows what the values mean."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, Self

from dotenv.parser import parse_stream

SIMILARITY_MIN: Final = 0.8
"""How much of a name in `.env` must be alike for it to be taken as one of ours, misspelled."""


class SettingError(Exception):
    """A setting cannot be used; the message names the variable and says what would do."""


class Origin(StrEnum):
    """Where the value of a setting comes from."""

    ENVIRONMENT = "environment"
    DOTENV = ".env"
    DEFAULT = "default"


class Misspelled(NamedTuple):
    """A name that is set and is none of ours, and the nearest one that is."""

    name: str
    origin: Origin
    nearest: str


@dataclass(frozen=True, slots=True)
class Variables:
    """What is set in the environment, and in `.env`, over which the environment wins."""

    environment: Mapping[str, str]
    dotenv: Mapping[str, str]

    @classmethod
    def read(cls, environment: Mapping[str, str], dotenv: Path | None) -> Self:
        """
        Read `.env`, which need not be there.

        Raises:
            SettingError: If it cannot be read, is not UTF-8, or a line of it is no assignment.
        """
        return cls(environment, {} if dotenv is None else _read(dotenv))

    def given(self) -> dict[str, str]:
        """Return what is set; blank counts as unset, also where it hides a value of `.env`."""
        merged = {**self.dotenv, **self.environment}
        return {name: value.strip() for name, value in merged.items() if value.strip()}

    def origin(self, name: str) -> Origin:
        """Return where the value in force comes from."""
        if name not in self.given():
            return Origin.DEFAULT
        return Origin.ENVIRONMENT if name in self.environment else Origin.DOTENV

    def misspelled(self, known: Iterable[str]) -> list[Misspelled]:
        """
        Return the names that were probably meant to be known ones.

        In the environment, which others use too, these are at most one letter from a known name;
        in `.env` they are similar to one.
        """
        names = list(known)
        found = []
        for origin, given in ((Origin.DOTENV, self.dotenv), (Origin.ENVIRONMENT, self.environment)):
            nearest = _similar if origin is Origin.DOTENV else _next_to
            for name in given:
                near = None if name in names else nearest(name.upper(), names)
                if near is not None:
                    found.append(Misspelled(name, origin, near))
        return found


def _read(dotenv: Path) -> dict[str, str]:
    if dotenv.is_dir():  # such as a virtual environment of Python
        return {}
    try:
        text = dotenv.read_bytes().decode()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingError(f"{dotenv} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingError(f"{dotenv}, line {line}: a byte is not UTF-8.") from None
    return _assignments(dotenv, text)


def _assignments(dotenv: Path, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            blank = len(binding.original.string) - len(binding.original.string.lstrip())
            line = binding.original.line + binding.original.string.count("\n", 0, blank)
            raise SettingError(
                f"{dotenv}, line {line} is no NAME=value: a quote that is opened must be closed, "
                "and nothing may follow it."
            )
        if binding.key is not None and binding.value is not None:
            found[binding.key] = binding.value
    return found


def _similar(name: str, names: list[str]) -> str | None:
    return next(iter(get_close_matches(name, names, 1, SIMILARITY_MIN)), None)


def _next_to(name: str, names: list[str]) -> str | None:
    return next((each for each in names if _is_near(name, each)), None)


def _is_near(name: str, known: str) -> bool:
    """Tell whether one letter more, less or other, or two that change places, makes them equal."""
    if abs(len(name) - len(known)) > 1:
        return False
    first = next((at for at, (a, b) in enumerate(zip(name, known, strict=False)) if a != b), None)
    if first is None:
        return True
    rest, wanted = name[first:], known[first:]
    return (
        rest[1:] == wanted[1:]
        or rest[1:] == wanted
        or rest == wanted[1:]
        or (rest[1::-1] == wanted[:2] and rest[2:] == wanted[2:])
    )
