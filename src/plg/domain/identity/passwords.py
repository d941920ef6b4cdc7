"""Which passwords are taken, after NIST SP 800-63B-4, 3.1.1.2."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from plg.domain.errors import WeakPassword
from plg.domain.identity.accounts import Email, fold
from plg.domain.identity.common_passwords import PHRASES, WALKS, WORDS
from plg.domain.texts import COMPOSING_MAX

LENGTH_MIN: Final = 15
LENGTH_MAX: Final = 128
PARTS_MIN: Final = 5
"""Different parts that a password must have: a common word, a walk or a character is one."""

SERVICE_WORDS: Final = frozenset({"plg"})
_WALK_MIN: Final = 3
_OWN_WORD_MIN: Final = 3
_COMMON: Final = WORDS | PHRASES
_LINES: Final = tuple(line for walk in WALKS for line in (walk, walk[::-1]))
_YEAR: Final = re.compile(r"(19|20)[0-9]{2}")
_SEPARATORS: Final = re.compile(r"[\W_]")
_DISGUISES: Final[tuple[dict[int, int], ...]] = (
    str.maketrans({}),
    str.maketrans("@4310!5$7", "aaeloisst"),
    str.maketrans("@4310!5$7", "aaeiolsst"),
)
"""As in p@ssw0rd; each takes one character for one."""

_JUDGED_MAX: Final = 256
_TRIPLES: Final = frozenset(
    line[start : start + _WALK_MIN] for line in _LINES for start in range(len(line) - _WALK_MIN + 1)
)


def normalized(password: str) -> str:
    """Return the form that is checked and hashed: the same however a keyboard composes letters."""
    if len(password) > LENGTH_MAX * COMPOSING_MAX:
        return password  # nobody's password, in any form
    return unicodedata.normalize("NFC", password)


def check_password(password: str, email: Email | None = None, name: str | None = None) -> None:
    """
    Let a password pass that would not be guessed soon.

    There are no rules of composition. The own words of the account count as common ones.

    Raises:
        WeakPassword: If it would be, or has too few or too many characters; it says why.
    """
    password = normalized(password)
    if len(password) < LENGTH_MIN:
        raise WeakPassword(f"The password must have at least {LENGTH_MIN} characters.")
    if len(password) > LENGTH_MAX:
        raise WeakPassword(f"The password must have at most {LENGTH_MAX} characters.")
    if any("\ud800" <= character <= "\udfff" for character in password):
        raise WeakPassword("The password must be valid Unicode.")
    _check_variety(fold(password)[:_JUDGED_MAX], own_words(email, name))


def own_words(email: Email | None, name: str | None) -> frozenset[str]:
    """Return the words that somebody who knows the account would try first."""
    address = fold(email.address) if email is not None else ""
    called = fold(name or "")
    parts = {*re.split(r"[\W_]+", f"{address} {called}"), address, called}
    parts |= {*address.split("@"), _SEPARATORS.sub("", called)}
    return SERVICE_WORDS | {part for part in parts if len(part) >= _OWN_WORD_MIN}


def _check_variety(folded: str, own: frozenset[str]) -> None:
    if len(set(folded)) < PARTS_MIN:
        raise WeakPassword(f"The password has fewer than {PARTS_MIN} different characters.")
    if _period(folded) < LENGTH_MIN and _period(folded) <= len(folded) // 2:
        raise WeakPassword("The password repeats one short piece.")
    if _is_thin(folded, _COMMON):
        raise WeakPassword(
            "The password is made of common words, sequences or keyboard patterns, and would be "
            "guessed early."
        )
    if _is_thin(folded, _COMMON | own):
        raise WeakPassword(
            "The password has little in it besides the account's own name or address, or the "
            "name of this service."
        )


def _period(text: str) -> int:
    """Return the length of the shortest piece that the text repeats, the last time in part."""
    borders = [0]
    for position in range(1, len(text)):
        border = borders[-1]
        while border and text[position] != text[border]:
            border = borders[border - 1]
        borders.append(border + (text[position] == text[border]))
    return len(text) - borders[-1]


def _is_thin(folded: str, words: frozenset[str]) -> bool:
    """Tell whether a text has too few different parts: as it is, or without what separates."""
    bare = _SEPARATORS.sub("", folded)
    separators = len(set(_SEPARATORS.findall(folded)))
    return any(
        _variety(folded, disguise, words) < PARTS_MIN
        or _variety(bare, disguise, words) + separators < PARTS_MIN
        for disguise in _DISGUISES
    )


def _variety(text: str, disguise: dict[int, int], words: frozenset[str]) -> int:
    """Count the different parts of a text, up to as many as are enough."""
    found: set[str] = set()
    for part in _parts(text, text.translate(disguise), words):
        found.add(part)
        if len(found) == PARTS_MIN:
            break
    return len(found)


def _parts(text: str, shown: str, words: frozenset[str]) -> Iterator[str]:
    """Yield the longest common part at each place, or the character where there is none."""
    longest = max(map(len, words))
    start = 0
    while start < len(text):
        walk, steps = _walk_at(text, start)
        sizes = range(min(longest, len(text) - start), max(steps, 1), -1)
        word = next((size for size in sizes if shown[start : start + size] in words), 0)
        if word:
            yield shown[start : start + word]
        elif steps:
            yield walk
        elif _YEAR.match(text, start):
            yield "year"
            steps = 4
        else:
            yield text[start]
        start += word or steps or 1


def _walk_at(text: str, start: int) -> tuple[str, int]:
    """Return the line that the text walks along from here the longest, and for how far."""
    if text[start : start + _WALK_MIN] not in _TRIPLES:
        return "", 0
    steps, along = 0, 0
    for number, line in enumerate(_LINES):
        while text[start : start + max(steps + 1, _WALK_MIN)] in line and start + steps < len(text):
            steps, along = max(steps + 1, _WALK_MIN), number
    return f"walk {along // 2}", steps
