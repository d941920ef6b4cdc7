"""What clients may send: sound requests, odd ones, and shapes that smuggle."""

import base64
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import quote

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from plg.domain.players import KillerBiId
from tests.fakes.entries import entry_of
from tests.integration.http.gateway import KEY

FRESH: Final = ("KB-000001", "KB-000002", "a/b", "ä ö", "x y", ".", "..", "%", "~" * 128, "a+b")
STALE: Final = "KB-000003"
UNREMEMBERED: Final = "KB-000004"
NOWHERE: Final = "KB-999999"

_ETAGS: Final = [entry_of(KillerBiId(key)).etag.decode() for key in FRESH[:2]]
_HOST: Final = "Host: gateway.test"
_GOOD_KEYS: Final = (f"X-API-Key: {KEY}", f"Authorization: Bearer {KEY}", f"x-api-key:{KEY}\t ")
_HARMLESS: Final = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
    "Accept: */*",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Accept-Language: de;q=0.9, en",
    "Cookie: a=b; c=d",
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "tracestate: vendor=1",
    "X-Forwarded-For: 192.0.2.7, 10.0.0.1",
    "X-Forwarded-Proto: https",
    "Forwarded: for=192.0.2.7",
    "Via: 1.1 proxy",
    "X-Request-ID: req-1.A_b",
    "X-Request-ID: not sound!",
    "X-Request-ID:",
    "Connection: keep-alive",
    "Connection: Keep-Alive",
    "Pragma: no-cache",
    "DNT: 1",
    "X-Empty:",
    "X-Bytes: \xe4\xff\t\x80",
    *(f"If-None-Match: {etag}" for etag in _ETAGS),
    f"If-None-Match: W/{_ETAGS[0]}",
    f'If-None-Match: "x", {_ETAGS[0]} , W/{_ETAGS[1]}',
    "If-None-Match: *",
    'If-None-Match: "other"',
    "If-None-Match: unquoted",
    "If-None-Match:",
)
_TELLING: Final = (
    "Cache-Control: no-cache",
    "Cache-Control: only-if-cached, max-stale",
    "Cache-Control: max-age=0",
    "Cache-Control: max-age=5, min-fresh=2",
    "Cache-Control:",
    "Connection: close",
    "Connection: close, keep-alive",
    "Connection: keep-alive, x-api-key",
    "Connection:",
    "Connection: Upgrade",
    "Connection: upgrade, HTTP2-Settings",
    "Upgrade: websocket",
    "Upgrade: h2c",
    "Expect: 100-continue",
    "Expect: 200-ok",
    "Range: bytes=0-9",
    "Origin: https://app.example",
    "Idempotency-Key: abc",
    "Signature: sig1=:YQ==:",
    "Signature-Input: sig1=()",
    "TE: trailers",
    "Trailer: X-API-Key",
    "If-Match: *",
    "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT",
    "Content-Type: application/json",
    "Keep-Alive: timeout=5",
    "Proxy-Connection: close",
)
_CREDENTIALS: Final = (
    "X-API-Key: wrong",
    "X-API-Key:",
    f"X-API-Key: {'k' * 9000}",
    f"X-API-Key: {KEY[:-1]}",
    f"X-API-Key: {KEY} x",
    "Authorization: Bearer wrong",
    "Authorization: Bearer",
    f"Authorization: {KEY}",
    f"authorization: bEARER  {KEY}",
    "Authorization: Basic " + base64.b64encode(b"user:" + KEY.encode()).decode(),
    f"X_API_KEY: {KEY}",
)
_BROKEN: Final = (
    f"X-API-Key : {KEY}",
    f"X-API-Key\t: {KEY}",
    f" X-API-Key: {KEY}",
    "X-Folded: one\r\n two",
    "X-Folded: one\r\n\ttwo",
    "X-Nul: a\0b",
    "X-Control: a\x01b",
    "X-Delete: a\x7fb",
    "X-Return: a\rb",
    "X-Bare: a\nX-Other: b",
    "no colon at all",
    ": no name",
    "X(odd): v",
    "\xe4: v",
    "X-Long: " + "v" * 33_000,
    "X-Large: " + "v" * 20_000,
    "Host: second.test",
    "host: gateway.test",
    "Host:",
)
_FRAMING: Final = (
    "Content-Length: 0",
    "Content-Length: 5",
    "Content-Length: 00005",
    "Content-Length: +5",
    "Content-Length: -1",
    "Content-Length: 5, 5",
    "Content-Length: 5 5",
    "Content-Length: 0x5",
    "Content-Length: abc",
    "Content-Length:",
    "Content-Length: 65537",
    "Content-Length: 99999999999999999999999",
    f"Content-Length: {'0' * 5000}5",
    "Content-Length : 5",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: Chunked",
    "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding: identity",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding:\tchunked",
    "Transfer-Encoding:\x0bchunked",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding: chunked\r\n ",
    'Transfer-Encoding: "chunked"',
    "Transfer-Encoding:",
    "Transfer_Encoding: chunked",
)
_SMUGGLED: Final = f"GET /api/v1/players/KB-000002 HTTP/1.1\r\n{_HOST}\r\nX-API-Key: {KEY}\r\n\r\n"
_BODIES: Final = (
    "",
    "12345",
    "1",
    "5\r\n12345\r\n0\r\n\r\n",
    "5;ext=1;" + "e" * 300 + "\r\n12345\r\n0\r\nX-API-Key: trailing\r\nHost: other\r\n\r\n",
    "0\r\n\r\n",
    "0\r\n\r\n" + _SMUGGLED,
    "5\r\n12345" + _SMUGGLED,
    "zz\r\n",
    "-1\r\n",
    "ffffffffffffffffff\r\n",
    "5\n12345\n0\n\n",
    _SMUGGLED,
    "\r\n",
    "\r\n\r\n\r\n",
    "\n",
    "\0",
)
_METHODS: Final = (
    "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PRI", "PURGE", "FOO",
    "get", "Get", "GET\t", " GET", "G\0T", "",
)  # fmt: skip
_VERSIONS: Final = (
    "HTTP/1.0", "HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/1.1 ", "http/1.1", "HTTP/1,1",
    "HTTP/1.10", "ICE/1.0", "",
)  # fmt: skip
_ODD_TARGETS: Final = (
    "*",
    "/",
    "/api",
    "/api/",
    "//api/v1/players/KB-000001",
    "/api//v1/players/KB-000001",
    "/api/v1/players",
    "/api/v1/players/",
    "/api/v1/players//",
    "/api/v1/players/KB-000001//",
    "/api/v1/players/KB-000001/more",
    "/api/v1/players/../players/KB-000001",
    "/api/v1/players/./KB-000001",
    "/API/v1/players/KB-000001",
    "/%61pi/v1/players/KB-000001",
    "/%61pi?killer_bi_id=KB-000001",
    "/api%2Fv1/players/KB-000001",
    "/api/v1/players/KB-000001%2F",
    "/api/v1/players/%FF",
    "/api/v1/players/%00",
    "/api/v1/players/%20KB-000001%20",
    "/api/v1/players/%zz",
    "/api/v1/players/%",
    "/api/v1/players/%4",
    "/api/v1/players/%ED%A0%80",
    "/api/v1/players/%C3%A4+%C3%B6",
    "/api/v1/players/KB-000001;a=b",
    "/api/v1/players/KB-000001#part",
    "/api/v1/players/KB-000001\xe4",
    "/api/v1/players/" + "~" * 129,
    "/api/v1/players/KB-000001?" + "q" * 9000,
    "/api/v1/players/KB-000001?" + "&" * 200,
    "/api/v1/players/KB-000001?%FF",
    "/api/v1/players/KB-000001?killer_bi_id=KB-000002",
    "/api/?killer_bi_id=",
    "/api/?killer_bi_id",
    "/api/?killer_bi_id=KB-000001&killer_bi_id=KB-000001",
    "/api/?killer_bi_id=KB-000001&" + "&".join(["x"] * 100),
    "/api/?killer_bi_id=KB-000001&killer%5Fbi_id=KB-000002",
    "/api/?killer%5Fbi%5Fid=KB-000001",
    "/api/?Killer_Bi_Id=KB-000001",
    "/api/?killer_bi_id=KB-000001;x=y",
    "/api/?killer_bi_id=%FF",
    "/api/?killer_bi_id=KB-000001&other=%FF",
    "/api/?killer_bi_id=+KB-000001+",
    "/api/?killer_bi_id=a%2Bb",
    "/api/?killer_bi_id=a+b",
    "/api/?killer_bi_id=a%00b",
    "/api/?killer_bi_id=KB-000001?x",
    "/api?&&killer_bi_id=KB-000001&",
    "/health/live",
    "/problems/no_match/",
    "/nowhere",
    "/openapi.json/x",
    "http://gateway.test/api/v1/players/KB-000001",
    "http://other.test/api/?killer_bi_id=KB-000001",
    "http://gateway.test",
    "https://user:pass@gateway.test:1/api/v1/players/KB-000001",
    "gateway.test:80",
    "api/v1/players/KB-000001",
    "?killer_bi_id=KB-000001",
    "/api/v1/players/KB-000001 HTTP/1.1 x",
    "",
)


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


def _join(method: str, target: str, version: str, fields: list[str], body: str) -> str:
    return "\r\n".join([f"{method} {target} {version}".rstrip(" "), *fields, "", ""]) + body


@st.composite
def _sound(draw: DrawFn) -> str:
    """What real clients send."""
    method = draw(st.sampled_from(("GET", "GET", "GET", "HEAD")))
    key = draw(_often(_GOOD_KEYS[0], *_GOOD_KEYS, *_CREDENTIALS))
    fields = [_HOST, draw(_spelled(key)), *draw(_fields(_HARMLESS, 6))]
    return _join(method, draw(_known_targets()), "HTTP/1.1", draw(st.permutations(fields)), "")


@st.composite
def _nearly_sound(draw: DrawFn) -> str:
    """A plain hit but for one field, on which everything turns."""
    telling = (*_TELLING, *_TELLING, *_FRAMING, *_CREDENTIALS, *_BROKEN)
    fields = [_HOST, _GOOD_KEYS[0], draw(st.sampled_from(telling))]
    target = f"/api/v1/players/{draw(st.sampled_from(FRESH[:2]))}"
    return _join("GET", target, "HTTP/1.1", draw(st.permutations(fields)), "")


@st.composite
def _odd(draw: DrawFn) -> str:
    """A request with something in it that must make both carriers think."""
    target = draw(st.one_of(_known_targets(), _known_targets(), st.sampled_from(_ODD_TARGETS)))
    fields = [
        *draw(st.sampled_from(([_HOST],) * 6 + ([], [_HOST, _HOST], ["Host:"]))),
        *draw(_fields(_GOOD_KEYS, 1)),
        *draw(_fields(_CREDENTIALS, 1)),
        *draw(_fields(_HARMLESS, 3)),
        *draw(_fields(_TELLING, 2)),
    ]
    if draw(st.integers(0, 3)) == 0:
        fields.append(draw(st.sampled_from(_BROKEN)))
    if draw(st.integers(0, 15)) == 0:
        fields += ["X-Many: v"] * draw(st.integers(90, 104))
    body = ""
    if draw(st.integers(0, 2)) == 0:
        fields += draw(_fields(_FRAMING, 2))
        body = draw(st.sampled_from(_BODIES))
    method = draw(_often("GET", *_METHODS))
    return _join(method, target, draw(_often("HTTP/1.1", *_VERSIONS)), draw(_mixed(fields)), body)


def _mixed(fields: list[str]) -> SearchStrategy[list[str]]:
    return st.just(fields) if len(fields) > 20 else st.permutations(fields)


@st.composite
def _smuggling(draw: DrawFn) -> str:
    """Two framings that contradict each other, or a body that looks like a request."""
    method = draw(st.sampled_from(("GET", "GET", "POST")))
    fields = [
        _HOST,
        _GOOD_KEYS[0],
        *draw(st.lists(st.sampled_from(_FRAMING), min_size=1, max_size=2)),
    ]
    if draw(st.booleans()):
        fields.append(f"Content-Length: {len(_SMUGGLED)}")
    bodies = st.one_of(st.just(_SMUGGLED), st.sampled_from(_BODIES))
    return _join(
        method, draw(_known_targets()), "HTTP/1.1", draw(st.permutations(fields)), draw(bodies)
    )


@st.composite
def _damaged(draw: DrawFn) -> str:
    """A sound request with some bytes changed, dropped or inserted."""
    text = draw(_sound())
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(text) - 1))
        width = draw(st.integers(0, 2))
        text = text[:at] + draw(st.sampled_from(_DAMAGE)) + text[at + width :]
    return text


_DAMAGE: Final = (
    "",
    "\r",
    "\n",
    "\r\n",
    "\r\n\r\n",
    "\0",
    " ",
    "\t",
    ":",
    "\x7f",
    "\xff",
    "%",
    "/",
)
_garbage: Final = st.one_of(
    st.sampled_from(
        ("\r\n", "\r\n\r\n", "\n", " ", "\0", "\x16\x03\x01\x02\x00\x01", "GET ", "GE")
    ),
    st.text(alphabet=st.characters(max_codepoint=255), max_size=60),
)


def _part() -> SearchStrategy[str]:
    kinds = (
        (_sound(),) * 10
        + (_nearly_sound(),) * 5
        + (_odd(),) * 4
        + (_smuggling(), _damaged(), _garbage)
    )
    return st.sampled_from(kinds).flatmap(lambda kind: kind)


@st.composite
def conversations(draw: DrawFn) -> list[Segment]:
    """Return what a client sends on one connection, cut into segments anywhere."""
    parts = draw(st.lists(_part(), min_size=1, max_size=5))
    if draw(st.booleans()):
        parts.append(draw(_sound()))
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
