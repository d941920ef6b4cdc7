"""Signatures of requests: what an independent signer made counts, whatever was changed does not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.devices.signatures import Signature, authority_of
from plg.domain.errors import InvalidCredential
from tests.fakes.signing import COVERED, Outgoing, content_digest, sign
from tests.unit.domain.signed_messages import (
    AUTHORITY,
    DEVICE,
    NONCE,
    NOW,
    SECRET,
    received,
    signed,
    verify,
    with_field,
)

paths = st.from_regex(r"(/[A-Za-z0-9._~!$&'()*+,;=:@-]{0,6}(%[0-9A-F]{2})?){0,3}", fullmatch=True)
queries = st.from_regex(r"([A-Za-z0-9=&?/._~-]|%[0-9A-F]{2}){0,12}", fullmatch=True)
field_values = st.text(
    st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=10
).map(str.strip)
headers = st.dictionaries(st.sampled_from(["Date", "Content-Type", "X-Own"]), field_values)


@st.composite
def requests(draw: st.DrawFn) -> Outgoing:
    query = draw(queries)
    url = f"http://{AUTHORITY}{draw(paths)}" + (f"?{query}" if query else "")
    method = draw(st.sampled_from(["GET", "POST", "DELETE", "PATCH"]))
    return Outgoing(method, url, draw(headers), draw(st.binary(max_size=40)))


@given(requests(), st.data())
def test_what_an_independent_signer_signed_counts(sent: Outgoing, data: st.DataObject) -> None:
    extra = data.draw(
        st.lists(st.sampled_from(sorted(sent.headers)), unique=True)
        if sent.headers
        else st.just([])
    )
    covered = data.draw(st.permutations([*COVERED, *map(str.lower, extra)]))
    base = sign(sent, DEVICE, SECRET, now=NOW, covered=covered)

    signature = verify(received(sent))

    assert signature.key_id == DEVICE
    assert signature.base(received(sent), AUTHORITY) == base


@given(requests(), st.data())
def test_whatever_is_changed_makes_it_void(sent: Outgoing, data: st.DataObject) -> None:
    sent.headers["Date"] = "today"
    sign(sent, DEVICE, SECRET, now=NOW, covered=(*COVERED, "date"))
    message = received(sent)
    fields = message.fields
    changed = data.draw(
        st.sampled_from(
            [
                replace(message, method="PUT"),
                replace(message, path=message.path + "/x"),
                replace(message, query=message.query + "x"),
                replace(message, body=message.body + b"x"),
                with_field(message, "date", "tomorrow"),
                with_field(message, "signature-input", fields["signature-input"] + ';tag="x"'),
                with_field(
                    message,
                    "signature-input",
                    fields["signature-input"].replace(DEVICE, "till-0002"),
                ),
            ]
        )
    )

    with pytest.raises(InvalidCredential):
        verify(changed)


@given(st.integers(0, 31), st.integers(1, 255))
def test_no_bit_of_the_signature_may_differ(at: int, flip: int) -> None:
    signature = Signature.of(signed())
    value = bytearray(signature.value)
    value[at] ^= flip
    base = signature.base(signed(), AUTHORITY)

    assert signature.is_made_with(SECRET.encode(), base)
    assert not replace(signature, value=bytes(value)).is_made_with(SECRET.encode(), base)


def test_another_secret_made_another_signature() -> None:
    with pytest.raises(InvalidCredential):
        verify(signed(), secret="another")


def test_a_signature_for_another_authority_does_not_count() -> None:
    with pytest.raises(InvalidCredential):
        verify(signed(Outgoing("GET", "http://other.example/api/?killer_bi_id=1")))


def test_a_request_without_path_and_query_is_signed_with_a_slash_and_a_question_mark() -> None:
    message = signed(Outgoing("GET", f"http://{AUTHORITY}"))

    assert '"@path": /\n"@query": ?\n' in verify(message).base(message, AUTHORITY)


@pytest.mark.parametrize(
    ("off", "expires_in"),
    [(0, 1), (0, 300), (300, 300), (-300, 60), (60, 60), (1, 1)],
)
def test_a_signature_counts_within_its_window(off: int, expires_in: int) -> None:
    verify(signed(expires_in=expires_in), now=NOW + off)


@pytest.mark.parametrize(
    ("off", "expires_in", "why"),
    [
        (300.5, 300, "created"),
        (-300.5, 60, "created"),
        (60.5, 60, "expired"),
        (0, 301, "1 to 300"),
        (0, 0, "1 to 300"),
        (0, -5, "1 to 300"),
    ],
)
def test_a_signature_does_not_count_outside_its_window(
    off: float, expires_in: int, why: str
) -> None:
    with pytest.raises(InvalidCredential, match=why):
        verify(signed(expires_in=expires_in), now=NOW + off)


@given(st.integers(1, 300), st.floats(-300, 700))
def test_a_nonce_is_kept_longer_than_its_signature_counts(expires_in: int, off: float) -> None:
    message = signed(expires_in=expires_in)
    try:
        signature = verify(message, now=NOW + off)
    except InvalidCredential:
        return
    assert signature.nonce_expires_at > NOW + off


@pytest.mark.parametrize("missing", COVERED)
def test_what_must_be_covered_is_covered(missing: str) -> None:
    with pytest.raises(InvalidCredential, match=f"must cover {missing}"):
        verify(signed(covered=tuple(name for name in COVERED if name != missing)))


def test_a_body_needs_a_digest_that_is_covered() -> None:
    message = replace(signed(), body=b"more")

    with pytest.raises(InvalidCredential, match="must cover content-digest"):
        verify(with_field(message, "content-digest", content_digest(b"more")))


@pytest.mark.parametrize(
    "digest",
    [
        content_digest(b"another"),
        "md5=:AAAA:",
        "sha-256=YQ",
        "sha-256=(:YQ==:)",
        content_digest(b"body") + ", sha-512=:AAAA:",
        "sha-256",
        "",
        "=",
    ],
)
def test_a_digest_that_is_not_the_bodys_does_not_count(digest: str) -> None:
    sent = Outgoing("POST", f"http://{AUTHORITY}/", {"Content-Digest": digest})
    sign(sent, DEVICE, SECRET, now=NOW, nonce=NONCE, covered=(*COVERED, "content-digest"))

    with pytest.raises(InvalidCredential, match="Content-Digest"):
        verify(replace(received(sent), body=b"body"))


def test_a_digest_by_sha_512_will_do() -> None:
    digest = (
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwE"
        "mTHWXvJwew==:, md5=:AAAA:"
    )
    sent = Outgoing("POST", f"http://{AUTHORITY}/", {"Content-Digest": digest})
    sign(sent, DEVICE, SECRET, now=NOW, nonce=NONCE, covered=(*COVERED, "content-digest"))

    verify(replace(received(sent), body=b'{"hello": "world"}'))


def test_a_covered_digest_of_no_body_counts_too() -> None:
    digest = content_digest(b"")
    sent = Outgoing("GET", f"http://{AUTHORITY}/", {"Content-Digest": digest})
    sign(sent, DEVICE, SECRET, now=NOW, nonce=NONCE, covered=(*COVERED, "content-digest"))

    verify(received(sent))
    with pytest.raises(InvalidCredential, match="Content-Digest"):
        verify(with_field(received(sent), "content-digest", content_digest(b"x")))


@pytest.mark.parametrize(
    ("base_url", "authority"),
    [
        ("http://localhost:9600", "localhost:9600"),
        ("https://API.Example.org", "api.example.org"),
        ("https://api.example.org:443/", "api.example.org"),
        ("http://api.example.org:80", "api.example.org"),
        ("http://api.example.org:443/sub", "api.example.org:443"),
        ("https://[2001:DB8::1]:8443", "[2001:db8::1]:8443"),
    ],
)
def test_the_authority_is_the_normal_form_of_the_public_address(
    base_url: str, authority: str
) -> None:
    assert authority_of(base_url) == authority


def test_no_signature_is_shown() -> None:
    message = signed()

    assert "signature" not in repr(message)
    assert repr(Signature.of(message).value) not in repr(Signature.of(message))
