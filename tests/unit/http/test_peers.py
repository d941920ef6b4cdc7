"""Whose word on a client's address counts."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.entrypoints.http.protocol.peers import client_address

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "chain", "address"),
    [
        ("192.0.2.7", None, "192.0.2.7"),
        ("192.0.2.7", b"203.0.113.9", "192.0.2.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", b"203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", b"198.51.100.1, 203.0.113.9 , 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", b"10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("::ffff:10.0.0.1", b"203.0.113.9", "203.0.113.9"),
        ("fd00::1", b"2001:db8::1", "2001:db8::1"),
        ("10.0.0.1", b"", "10.0.0.1"),
        ("10.0.0.1", b"garbage", "garbage"),
        ("10.0.0.1", b"garbage:80", "garbage:80"),
        ("10.0.0.1", b"203.0.113.9:4711", "203.0.113.9"),
        ("10.0.0.1", b"203.0.113.9:4711, 10.0.0.2:80", "203.0.113.9"),
        ("10.0.0.1", b"10.0.0.3:1, 10.0.0.2:2", "10.0.0.3"),
        ("10.0.0.1", b"[2001:db8::1]", "2001:db8::1"),
        ("10.0.0.1", b"[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.1", b"203.0.113.9, [fd00::2]:4711", "203.0.113.9"),
        ("10.0.0.1", b"[]:80", "10.0.0.1"),
        ("10.0.0.1", b'"198.51.100.1, 203.0.113.9', "203.0.113.9"),
    ],
)
def test_only_trusted_proxies_tell_another_address(
    peer: str, chain: bytes | None, address: str
) -> None:
    fields = {} if chain is None else {b"x-forwarded-for": chain}

    assert client_address(peer, fields, PROXIES) == address


@given(
    address=st.ip_addresses().map(str).filter(lambda text: "%" not in text),
    port=st.one_of(st.just(""), st.integers(0, 65535).map(lambda number: f":{number}")),
)
def test_an_address_is_the_same_with_and_without_a_port(address: str, port: str) -> None:
    hop = f"[{address}]{port}" if ":" in address else f"{address}{port}"
    told = [
        client_address("10.0.0.1", {b"x-forwarded-for": text.encode()}, PROXIES)
        for text in (address, hop)
    ]

    assert told == [address, address]


def test_nobody_is_believed_where_nobody_is_trusted() -> None:
    assert client_address("10.0.0.1", {b"x-forwarded-for": b"203.0.113.9"}, ()) == "10.0.0.1"
