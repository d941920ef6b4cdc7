"""What clients may send: sound requests, odd ones, and shapes that smuggle."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import quote

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.integration.http.differential.shapes import (
    BODIES,
    BROKEN,
    CREDENTIALS,
    DAMAGE,
    FRAMING,
    FRESH,
    GOOD_KEYS,
    HARMLESS,
    HOLDERS,
    HOST,
    HOSTS,
    METHODS,
    NOWHERE,
    ODD_TARGETS,
    SMUGGLED,
    STALE,
    TELLING,
    UNREMEMBERED,
    VEHICLE,
    VEHICLES,
    VERSIONS,
)

_NAMED: Final = re.compile(r"\{([a-z ]+)\}")


@dataclass(frozen=True, slots=True)
class Segment:
    """Bytes that arrive together; `pauses` lets the server finish before the next ones come."""

    data: bytes
    pauses: bool


@st.composite
def _encoded(draw: DrawFn, key: str, *, safe: str) -> str:
    """Encode what must be, and some of what need not be."""
    text = ""
    for character in key:
        plain = quote(character, safe=safe)
        must_not = len(key) > 20 or draw(st.integers(0, 5)) > 0
        text += plain if must_not else "".join(f"%{byte:02x}" for byte in character.encode())
    return text


@st.composite
def _known_targets(draw: DrawFn) -> str:
    if draw(st.integers(0, 7)) == 7:
        part = draw(st.sampled_from(("static", "static", "dynamic")))
        return f"/api/v1/vehicle/{part}/{draw(st.sampled_from((VEHICLE,) * 12 + VEHICLES))}"
    key = draw(st.sampled_from((*FRESH, *FRESH[:2] * 5, STALE, UNREMEMBERED, NOWHERE)))
    if draw(st.booleans()):
        suffix = draw(st.sampled_from(("", "", "/", "?", "?x=1", "/?x=%zz")))
        return f"/api/v1/players/{draw(_encoded(key, safe=''))}{suffix}"
    before, after = draw(st.sampled_from((("", ""), ("", ""), ("a=b&", ""), ("", "&c=%20&d"))))
    path = draw(st.sampled_from(("/api/", "/api")))
    return f"{path}?{before}killer_bi_id={draw(_encoded(key, safe=''))}{after}"


def _spelled(field: str) -> SearchStrategy[str]:
    """Vary case of the name and optional white space, which carry no meaning."""
    name, colon, value = field.partition(":")
    if not colon or "\r" in field or "\n" in field:
        return st.just(field)
    return st.builds(
        lambda change, before, after: f"{change(name)}:{before}{value.strip(' ')}{after}",
        st.sampled_from((str, str, str.lower, str.upper, str.swapcase)),
        st.sampled_from((" ", " ", "", "  ", "\t", " \t ")),
        st.sampled_from(("", "", "", " ", "\t ")),
    )


def _fields(pool: tuple[str, ...], most: int) -> SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(pool).flatmap(_spelled), max_size=most)


def _often(value: str, *others: str) -> SearchStrategy[str]:
    return st.integers(0, 7).flatmap(
        lambda n: st.sampled_from(others) if n == 0 else st.just(value)
    )


def filled(text: str, vault: Mapping[str, str]) -> str:
    """Return the text with the credentials that it names."""
    return _NAMED.sub(lambda named: vault[named[1]], text)


def _join(vault: Mapping[str, str], method: str, target: str, fields: list[str], *more: str) -> str:
    version, body = more or ("HTTP/1.1", "")
    lines = [f"{method} {target} {version}".rstrip(" "), *fields, "", ""]
    return filled("\r\n".join(lines), vault) + body


@st.composite
def _sound(draw: DrawFn, vault: Mapping[str, str]) -> str:
    """What real clients send."""
    method = draw(st.sampled_from(("GET", "GET", "GET", "HEAD")))
    holder = draw(st.sampled_from((GOOD_KEYS[0], *HOLDERS)))
    key = draw(_often(holder, *GOOD_KEYS, *CREDENTIALS))
    fields = [HOST, draw(_spelled(key)), *draw(_fields(HARMLESS, 6))]
    return _join(vault, method, draw(_known_targets()), draw(st.permutations(fields)))


@st.composite
def _nearly_sound(draw: DrawFn, vault: Mapping[str, str]) -> str:
    """A plain hit but for one field, on which everything turns."""
    telling = (*TELLING, *TELLING, *FRAMING, *CREDENTIALS, *BROKEN)
    key = draw(st.sampled_from((GOOD_KEYS[0], HOLDERS[0], "Authorization: Bearer {user token}")))
    host = draw(_often(HOST, *HOSTS))
    fields = [host, key, draw(st.sampled_from(telling))]
    target = f"/api/v1/players/{draw(st.sampled_from(FRESH[:2]))}"
    return _join(vault, "GET", target, draw(st.permutations(fields)))


@st.composite
def _odd(draw: DrawFn, vault: Mapping[str, str]) -> str:
    """A request with something in it that must make both carriers think."""
    target = draw(st.one_of(_known_targets(), _known_targets(), st.sampled_from(ODD_TARGETS)))
    fields = [
        *draw(st.sampled_from(([HOST],) * 6 + ([], [HOST, HOST], [draw(st.sampled_from(HOSTS))]))),
        *draw(_fields(GOOD_KEYS + HOLDERS, 1)),
        *draw(_fields(CREDENTIALS, 1)),
        *draw(_fields(HARMLESS, 3)),
        *draw(_fields(TELLING, 2)),
    ]
    if draw(st.integers(0, 3)) == 0:
        fields.append(draw(st.sampled_from(BROKEN)))
    if draw(st.integers(0, 15)) == 0:
        fields += ["X-Many: v"] * draw(st.integers(90, 104))
    body = ""
    if draw(st.integers(0, 2)) == 0:
        fields += draw(_fields(FRAMING, 2))
        body = draw(st.sampled_from(BODIES))
    method = draw(_often("GET", *METHODS))
    version = draw(_often("HTTP/1.1", *VERSIONS))
    return _join(vault, method, target, draw(_mixed(fields)), version, body)


def _mixed(fields: list[str]) -> SearchStrategy[list[str]]:
    return st.just(fields) if len(fields) > 20 else st.permutations(fields)


@st.composite
def _smuggling(draw: DrawFn, vault: Mapping[str, str]) -> str:
    """Two framings that contradict each other, or a body that looks like a request."""
    method = draw(st.sampled_from(("GET", "GET", "POST")))
    fields = [
        HOST,
        GOOD_KEYS[0],
        *draw(st.lists(st.sampled_from(FRAMING), min_size=1, max_size=2)),
    ]
    if draw(st.booleans()):
        fields.append(f"Content-Length: {len(SMUGGLED)}")
    bodies = st.one_of(st.just(SMUGGLED), st.sampled_from(BODIES))
    mixed = draw(st.permutations(fields))
    return _join(vault, method, draw(_known_targets()), mixed, "HTTP/1.1", draw(bodies))


@st.composite
def _damaged(draw: DrawFn, vault: Mapping[str, str]) -> str:
    """A sound request with some bytes changed, dropped or inserted."""
    text = draw(_sound(vault))
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(text) - 1))
        width = draw(st.integers(0, 2))
        text = text[:at] + draw(st.sampled_from(DAMAGE)) + text[at + width :]
    return text


_garbage: Final = st.one_of(
    st.sampled_from(
        ("\r\n", "\r\n\r\n", "\n", " ", "\0", "\x16\x03\x01\x02\x00\x01", "GET ", "GE")
    ),
    st.text(alphabet=st.characters(max_codepoint=255), max_size=60),
)


@st.composite
def _repeated(draw: DrawFn, vault: Mapping[str, str]) -> str:
    """A request that comes again, and then once more with one byte of it changed."""
    text = draw(_sound(vault))
    at = draw(st.integers(text.index("\r\n"), len(text) - 5))
    return text * 2 + text[:at] + draw(st.sampled_from("aZ0-. ")) + text[at + 1 :]


def _part(vault: Mapping[str, str]) -> SearchStrategy[str]:
    kinds = (
        (_sound(vault),) * 13
        + (_nearly_sound(vault),) * 5
        + (_odd(vault),) * 4
        + (_repeated(vault),) * 2
        + (_smuggling(vault), _damaged(vault), _garbage)
    )
    return st.sampled_from(kinds).flatmap(lambda kind: kind)


@st.composite
def conversations(draw: DrawFn, vault: Mapping[str, str]) -> list[Segment]:
    """
    Return what a client sends on one connection, cut into segments anywhere.

    Its credentials are those of the vault.
    """
    parts = draw(st.lists(_part(vault), min_size=1, max_size=5))
    if draw(st.booleans()):
        parts.append(draw(_sound(vault)))
    data = "".join(parts).encode("latin-1")
    between = [sum(map(len, parts[:count])) for count in range(1, len(parts))]
    cuts = draw(st.sampled_from(([], between, between)))
    if draw(st.integers(0, 2)) == 0:
        cuts = cuts + draw(st.lists(st.integers(0, len(data)), max_size=4))
    bounds = [0, *sorted(cuts), len(data)]
    return [
        Segment(data[start:end], draw(st.booleans()))
        for start, end in pairwise(bounds)
        if end > start
    ]
