"""Texts that people write and others see, such as names."""

import unicodedata
from typing import Final

from plg.domain.errors import InvalidParameter

COMPOSING_MAX: Final = 4
"""
How many characters NFC makes one of, at most.

To normalize takes time in the square of a run of combining marks, so what is too long whatever its
form is refused before: 64 KiB of them would keep everybody waiting for seconds.
"""
_REFUSED: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Categories that show nothing, break a line, or let one text look like another (UAX 44)."""
_JOINERS: Final = frozenset("\u200c\u200d")
"""They shape Persian, Indic scripts and emoji where they stand between visible characters."""
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols by their category, of which nothing is seen."""


def line_of(parameter: str, text: str, length_max: int) -> str:
    """
    Return the text in NFC and without outer blanks, as it can be shown in one line.

    Raises:
        InvalidParameter: If nothing of it is visible, it is too long, or holds what is not shown.
    """
    is_short = len(text) <= length_max * COMPOSING_MAX
    line = unicodedata.normalize("NFC", text).strip() if is_short else ""
    if not (len(line) <= length_max and any(map(_is_visible, line))):
        raise InvalidParameter(
            parameter, f"{parameter} must be 1 to {length_max} characters, one of them visible."
        )
    if any(_is_refused(line, place) for place in range(len(line))):
        raise InvalidParameter(
            parameter,
            f"{parameter} may hold no line breaks, control characters or invisible characters.",
        )
    return line


def _is_refused(line: str, place: int) -> bool:
    if line[place] in _JOINERS:
        around = line[max(place - 1, 0) : place] + line[place + 1 : place + 2]
        return len(around) < 2 or not all(_is_part(each) for each in around)  # noqa: PLR2004 - both sides
    return unicodedata.category(line[place]) in _REFUSED


def _is_part(letter: str) -> bool:
    """Tell whether it is visible, or a mark on what is."""
    return _is_visible(letter) or unicodedata.category(letter).startswith("M")


def _is_visible(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNPS" and letter not in _BLANK_LETTERS
