"""What one answer of a source shows: where its record is, and which member of it is the key."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from plg.domain.records.declared.keys import Fold, KeyType
from plg.domain.records.declared.pointers import LENGTH_MAX, WHOLE, Pointer

DEPTH_MAX: Final = 8
"""How many members deep a record is searched for."""
USUAL_NAMES: Final = ("id", "key", "code", "number")
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Sighting:
    """
    A record that was found in an answer.

    Attributes:
        record: Where in the answer it is; where a list is there, it is an item of that.
        match: Which member of it equals the key; None where none does.
        fold: How key and member must be folded to be equal.
        type: What keys are: whole numbers where the member is one.
        value: The record itself.
    """

    record: Pointer
    match: Pointer | None
    fold: Fold
    type: KeyType
    value: Any


def find_record(answer: Any, key: str, name: str) -> Sighting | None:  # noqa: ANN401 - any JSON
    """
    Return the record with this key, or None where an answer of null or an empty list has none.

    It is the outermost object with a member that equals the key; of several the one with the most
    members, and in it the member that is named as the key is, then one of a usual name. Where there
    is none, nothing says which member is the key: the record is what the answer's only member has.
    """
    if answer is None or answer == []:
        return None
    for level in _levels(answer):
        found = [each for place in level for each in _sightings(*place, key, name)]
        if found:
            return max(found, key=lambda each: (each.fold is Fold.NONE, len(each.value)))
    tokens: tuple[str, ...] = ()
    value = answer
    while isinstance(value, Mapping) and len(value) == 1 and len(tokens) < DEPTH_MAX:
        (member, inner), *_ = value.items()
        if not isinstance(inner, Mapping) or not _is_short((*tokens, member)):
            break
        tokens, value = (*tokens, member), inner
    return Sighting(Pointer(tokens) if tokens else WHOLE, None, Fold.NONE, KeyType.TEXT, value)


Place = tuple[tuple[str, ...], Any]


def _levels(answer: Any) -> Iterator[list[Place]]:  # noqa: ANN401 - any JSON
    level: list[Place] = [((), answer)]
    for _ in range(DEPTH_MAX + 1):
        yield level
        level = [
            ((*tokens, member), inner)
            for tokens, value in level
            if isinstance(value, Mapping)
            for member, inner in value.items()
        ]


def _sightings(tokens: tuple[str, ...], value: Any, key: str, name: str) -> Iterator[Sighting]:  # noqa: ANN401 - any JSON
    items = value if isinstance(value, list) else [value]
    for item in items:
        if not isinstance(item, Mapping) or not _is_short(tokens):
            continue
        equal = [
            (member, fold)
            for member, inner in item.items()
            if (fold := _fold(inner, key)) is not None and _is_short((member,))
        ]
        if equal:
            member, fold = min(equal, key=lambda each: _rank(each[0], each[1], name))
            yield Sighting(
                Pointer(tokens), Pointer((member,)), fold, _type(item[member], key), item
            )
            return


def _rank(member: str, fold: Fold, name: str) -> tuple[bool, int]:
    names = (_plain(name), *USUAL_NAMES)
    plain = _plain(member)
    return fold is not Fold.NONE, names.index(plain) if plain in names else len(names)


def _plain(name: str) -> str:
    return re.sub(r"[_-]", "", name).lower()


def _fold(value: Any, key: str) -> Fold | None:  # noqa: ANN401 - any JSON
    """Return the fold under which a member equals the key, None where it does not."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value)
    if text == key:
        return Fold.NONE
    folds = (Fold.UPPER, Fold.LOWER) if text == text.upper() else (Fold.LOWER, Fold.UPPER)
    return next((fold for fold in folds if fold(text) == fold(key)), None)


def _type(value: Any, key: str) -> KeyType:  # noqa: ANN401 - any JSON
    is_integer = isinstance(value, int) and _INTEGER.fullmatch(key) is not None
    return KeyType.INTEGER if is_integer else KeyType.TEXT


def _is_short(tokens: tuple[str, ...]) -> bool:
    return len(Pointer(tokens).text) <= LENGTH_MAX
