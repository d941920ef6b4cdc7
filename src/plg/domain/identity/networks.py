"""Networks that a credential may be used from."""

import ipaddress
from collections.abc import Iterable
from typing import Final

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")


def parse_network(text: str) -> Network:
    """
    Read a CIDR block or one address; IPv4 written as IPv6 (`::ffff:10.0.0.0/104`) is IPv4.

    Raises:
        ValueError: If it is neither, or has bits set behind the prefix.
    """
    network = ipaddress.ip_network(text.strip())
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        inside = int(network.network_address) & 0xFFFFFFFF
        return ipaddress.IPv4Network((inside, network.prefixlen - _MAPPED.prefixlen))
    return network


def is_within(address: str | None, networks: Iterable[Network]) -> bool:
    """Tell whether the address is in one of the networks; what is no address is in none."""
    found = _address_of(address)
    return found is not None and any(found in network for network in networks)


def are_within(inner: Iterable[Network], outer: Iterable[Network]) -> bool:
    """Tell whether each of the inner networks is part of one of the outer ones."""
    around = tuple(outer)
    return all(any(_is_part(network, each) for each in around) for network in inner)


def _address_of(text: str | None) -> _Address | None:
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_part(inner: Network, outer: Network) -> bool:
    if isinstance(inner, ipaddress.IPv4Network):
        return isinstance(outer, ipaddress.IPv4Network) and inner.subnet_of(outer)
    return isinstance(outer, ipaddress.IPv6Network) and inner.subnet_of(outer)
