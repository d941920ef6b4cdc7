"""What may stand in `Host` (RFC 9112, 3.2), and before the path of an absolute target."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.entrypoints.http.protocol.hosts import is_authority, is_host

LABELS = st.text(alphabet="abcXYZ019-_~!$&'()*+,;=", min_size=1, max_size=12)


@pytest.mark.parametrize(
    "value",
    [
        b"gateway.test",
        b"gateway.test:",
        b"gateway.test:0080",
        b"gateway.test:65535",
        b"192.0.2.7:80",
        b"[::1]",
        b"[2001:db8::1]:8080",
        b"[::ffff:192.0.2.7]",
        b"[v1.fe80:a+b]",
        b"a_b",
        b"b%C3%BCcher.test",
    ],
)
def test_a_host_is_one(value: bytes) -> None:
    assert is_authority(value)
    assert is_host(value)


@pytest.mark.parametrize(
    "value",
    [
        b"a b",
        b"a\tb",
        b"a/b",
        b"a\\b",
        b"a?b",
        b"a#b",
        b"user@gateway.test",
        b"user:word@gateway.test:80",
        b"gateway.test:65536",
        b"gateway.test:000065536",
        b"gateway.test:-1",
        b"gateway.test:+80",
        b"gateway.test:http",
        b"gateway.test:80:80",
        b"gateway.test, other.test",
        b":80",
        b"::1",
        b"[::1",
        b"::1]",
        b"[::1]x",
        b"[::g]",
        b"[]",
        b"[192.0.2.7]",
        b"[1:2:3:4:5:6:7:8:9]",
        b"[fe80::1%eth0]",
        b"[fe80::1%25eth0]",
        b"[v.a]",
        b"[v1.]",
        b"%zz",
        b"%4",
        b'"gateway.test"',
        b"<gateway>",
        b"b\xc3\xbccher.test",
    ],
)
def test_what_is_no_host_is_none(value: bytes) -> None:
    assert not is_authority(value)
    assert not is_host(value)


def test_host_may_be_empty_where_the_target_has_no_authority() -> None:
    assert is_host(b"")
    assert not is_authority(b"")


@given(
    host=st.one_of(
        st.lists(LABELS, min_size=1, max_size=4).map(".".join),
        st.ip_addresses(v=4).map(str),
        st.ip_addresses(v=6).map(ipaddress.IPv6Address).map(lambda each: f"[{each}]"),
    ),
    port=st.one_of(st.just(""), st.integers(0, 65535).map(lambda number: f":{number}")),
)
def test_every_host_with_every_port_is_one(host: str, port: str) -> None:
    assert is_authority(f"{host}{port}".encode())


@given(st.binary(max_size=40))
def test_bytes_that_cannot_stand_in_an_authority_make_it_none(value: bytes) -> None:
    odd = any(byte in b' \t\r\n/\\?#@"<>^`{|}\x00\x7f' or byte >= 0x80 for byte in value)

    assert not (odd and is_authority(value))
