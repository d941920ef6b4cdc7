"""A list of VINs: one a line, or the column `vin` of a CSV."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final

import click

from plg.domain.errors import InvalidParameter
from plg.domain.fleets.fleets import VEHICLES_MAX
from plg.domain.records.vehicles import Vin
from plg.entrypoints.cli.failures import Failed
from plg.entrypoints.cli.rereadable import open_rereadable

LINE_BYTES_MAX: Final = 64 * 1024
BAD_LINES_SHOWN: Final = 20
COLUMN: Final = "vin"
COMMENT: Final = "#"


@dataclass(frozen=True, slots=True)
class VinList:
    """
    An open list, every line of which was read and found good.

    Attributes:
        count: How many VINs it names, repeated ones too.
    """

    file: IO[bytes]
    count: int

    def vins(self) -> Iterator[Vin]:
        """Go through the VINs from the first one on."""
        return (Vin.parse(text) for _, text in _texts(self.file))


@contextmanager
def open_vin_list(path: str, *, most: int = VEHICLES_MAX) -> Iterator[VinList]:
    """
    Open the list in a file, or on standard input where the path is `-`.

    Raises:
        Failed: If a line is bad or ends by CR alone, there are too many, or there is none.
    """
    with open_rereadable(path) as file:
        yield VinList(file, _check(path, file, most))


def _check(path: str, file: IO[bytes], most: int) -> int:
    good = bad = 0
    for number, text in _texts(file):
        try:
            Vin.parse(text)
        except InvalidParameter as error:
            bad += 1
            if bad <= BAD_LINES_SHOWN:
                click.echo(f"{path}, line {number}: {error}", err=True)
        else:
            good += 1
        if good + bad > most:
            raise Failed(f"{path} names more than {most} VINs: nothing was imported.")
    if bad:
        are = "is" if bad == 1 else "are"
        raise Failed(f"{bad} of {good + bad} VINs {are} bad: nothing was imported.")
    if not good:
        raise Failed(f"{path} names no VIN: nothing was imported.")
    return good


def _texts(file: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Go through what stands for VINs, each with the number of its line."""
    file.seek(0)
    lines = _lines(file)
    first = next(lines, None)
    if first is None:
        return
    delimiter, column = _header(first[1])
    if column is None:
        yield first
    for number, text in lines:
        if column is None:
            yield number, text
        else:
            cells = next(csv.reader([text], delimiter=delimiter))
            yield number, cells[column] if column < len(cells) else ""


def _lines(file: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Go through the lines that are neither blank nor a comment; none is longer than the bound."""
    number = 0
    while line := file.readline(LINE_BYTES_MAX):
        number += 1
        # What is not UTF-8, and what is left of a line that is too long, becomes no VIN.
        text = line.decode("utf-8", "replace").removeprefix("\ufeff").strip()
        if "\r" in text:
            raise Failed(f"Line {number} has a carriage return inside: end lines by LF or CRLF.")
        if text and not text.startswith(COMMENT):
            yield number, text


def _header(text: str) -> tuple[str, int | None]:
    """Return how the cells of a line are parted, and which one is the VIN; None without a head."""
    delimiter = ";" if ";" in text else ","
    names = [name.strip().lower() for name in next(csv.reader([text], delimiter=delimiter))]
    return delimiter, names.index(COLUMN) if COLUMN in names else None
