"""
Patterns of keys that cannot run for ever.

A backtracking matcher takes time that grows exponentially where a repeated part can match the same
text in several ways, and as a power of the length where many open repetitions follow each other.
Keys have at most 128 characters, so what is refused here is enough to bound a match.
"""

import re
from re import _constants, _parser  # the only parser of its syntax
from typing import Any, Final

LENGTH_MAX: Final = 256
OPEN_REPEATS_MAX: Final = 3
"""How many repetitions of open length one pattern may have, one after the other."""
FEW: Final = 8
"""A part that is repeated at most so often may be of any form."""
_REPEATS: Final = frozenset(
    {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}
)
_REFUSED: Final = {
    _constants.GROUPREF: "refers back to a group",
    _constants.GROUPREF_EXISTS: "refers back to a group",
    _constants.ASSERT: "looks ahead or behind",
    _constants.ASSERT_NOT: "looks ahead or behind",
}


def pattern_of(text: str) -> re.Pattern[str]:
    """
    Return the pattern, which takes a bounded time for any key.

    Raises:
        ValueError: If it is none, or one that may run for ever; the message says what to change.
    """
    if not 0 < len(text) <= LENGTH_MAX:
        raise ValueError(f"must have 1 to {LENGTH_MAX} characters")
    try:
        parsed = _parser.parse(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"is no regular expression: {error}") from None
    if _open_repeats(parsed) > OPEN_REPEATS_MAX:
        raise ValueError(
            f"repeats more than {OPEN_REPEATS_MAX} parts without a bound, one after the other: "
            "give them bounds such as {1,8}"
        )
    return re.compile(text)


def _open_repeats(parsed: Any) -> int:  # noqa: ANN401 - the parser's own tree
    """Count repetitions of open length on one path, and refuse what repeats them."""
    count = 0
    for operator, argument in parsed:
        if operator in _REFUSED:
            raise ValueError(f"{_REFUSED[operator]}, which may take for ever: leave that out")
        if operator in _REPEATS:
            least, most, body = argument
            inner = _open_repeats(body)
            if most > FEW and (inner or _is_ambiguous(body)):
                raise ValueError(
                    "repeats what is repeated itself or has alternatives, which may take for ever: "
                    f"repeat it at most {FEW} times, or write it without the inner repetition"
                )
            is_open = most > FEW and most != least
            count += is_open + inner * min(most, FEW)
        elif operator is _constants.BRANCH:
            count += max(_open_repeats(each) for each in argument[1])
        elif operator is _constants.SUBPATTERN:
            count += _open_repeats(argument[-1])
        elif operator is _constants.ATOMIC_GROUP:
            count += _open_repeats(argument)
    return count


def _is_ambiguous(parsed: Any) -> bool:  # noqa: ANN401 - the parser's own tree
    least, most = parsed.getwidth()
    return least != most or any(
        operator is _constants.BRANCH
        or (operator is _constants.SUBPATTERN and _is_ambiguous(argument[-1]))
        for operator, argument in parsed
    )
