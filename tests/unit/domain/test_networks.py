"""Networks that a credential may be used from."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.identity.networks import are_within, is_within, parse_network

addresses = st.ip_addresses(v=4)


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.0/24", "192.0.2.0/24"),
        (" 192.0.2.7 ", "192.0.2.7/32"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("::1", "::1/128"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:10.0.0.1", "10.0.0.1/32"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("::/0", "::/0"),
    ],
)
def test_a_network_is_read(text: str, network: str) -> None:
    assert str(parse_network(text)) == network


@pytest.mark.parametrize("text", ["", "example.org", "192.0.2.1/24", "192.0.2.0/33", "1", "::/129"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_network(text)


@pytest.mark.parametrize(
    ("address", "network", "is_inside"),
    [
        ("192.0.2.7", "192.0.2.0/24", True),
        ("192.0.3.7", "192.0.2.0/24", False),
        ("::ffff:192.0.2.7", "192.0.2.0/24", True),
        ("::ffff:192.0.3.7", "192.0.2.0/24", False),
        ("2001:db8::7", "2001:db8::/32", True),
        ("2001:db9::7", "2001:db8::/32", False),
        ("192.0.2.7", "::/0", False),
        ("2001:db8::7", "0.0.0.0/0", False),
        ("::ffff:192.0.2.7", "::/0", False),
        ("fe80::1%eth0", "fe80::/10", True),
        ("", "0.0.0.0/0", False),
        ("unix:", "0.0.0.0/0", False),
        (None, "0.0.0.0/0", False),
    ],
)
def test_an_address_is_inside_or_not(address: str | None, network: str, is_inside: bool) -> None:
    assert is_within(address, (parse_network(network),)) is is_inside


@given(addresses, st.integers(0, 32))
def test_a_mapped_address_is_where_the_plain_one_is(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, bits: int
) -> None:
    network = ipaddress.ip_network((int(address), 32)).supernet(new_prefix=bits)

    assert is_within(f"::ffff:{address}", (network,)) == is_within(str(address), (network,)) is True


def test_no_networks_hold_nothing() -> None:
    assert not is_within("192.0.2.7", ())


@pytest.mark.parametrize(
    ("inner", "outer", "are_inside"),
    [
        (["192.0.2.0/25"], ["192.0.2.0/24"], True),
        (["192.0.2.0/24"], ["192.0.2.0/25"], False),
        (["192.0.2.0/25", "::1"], ["192.0.2.0/24"], False),
        (["192.0.2.0/25", "::1"], ["::/8", "192.0.2.0/24"], True),
        (["192.0.2.0/25"], ["::/0"], False),
    ],
)
def test_networks_are_part_of_others_or_not(
    inner: list[str], outer: list[str], are_inside: bool
) -> None:
    assert are_within(map(parse_network, inner), map(parse_network, outer)) is are_inside
