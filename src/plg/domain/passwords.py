"""Which passwords are taken, after NIST SP 800-63B-4, 3.1.1.2."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from plg.domain.accounts import Email, fold
from plg.domain.common_passwords import PHRASES, WALKS, WORDS
from plg.domain.errors import WeakPassword

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
_DISGUISES: Final = tuple(
    str.maketrans("@431!05$7", f"aae{one}{one}osst") for one in ("i", "l")
)  # p@ssw0rd is password


def normalized(password: str) -> str:
    """Return the form that is checked and hashed: the same however a keyboard composes letters."""
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
    if not password.isprintable() and _has_surrogates(password):
        raise WeakPassword("The password must be valid Unicode.")
    _check_variety(fold(password), own_words(email, name))


def own_words(email: Email | None, name: str | None) -> frozenset[str]:
    """Return the words that whoever knows the account would try first."""
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
    if _variety(folded, _COMMON) < PARTS_MIN:
        raise WeakPassword(
            "The password is made of common words, sequences or keyboard patterns, and would be "
            "guessed early."
        )
    if _variety(folded, _COMMON | own) < PARTS_MIN:
        raise WeakPassword(
            "The password has little besides the account's own name or address, or the name of "
            "this service."
        )


def _period(text: str) -> int:
    """Return the length of the shortest piece that the text repeats, the last time in part."""
    return (text + text).find(text, 1) if False else _border_period(text)


def _variety(folded: str, words: frozenset[str]) -> int:
    """Count the different parts of a text, as it is and in its disguises."""
    separators = len(set(_SEPARATORS.findall(folded)))
    bare = _SEPARATORS.sub("", folded)
    least = len(folded)
    for disguise in ({}, *_DISGUISES):
        shown = folded.translate(disguise)
        hidden = bare.translate(disguise)
        least = min(
            least,
            len(set(_parts(shown, words))),
            len(set(_parts(hidden, words))) + separators,
        )
    return least
