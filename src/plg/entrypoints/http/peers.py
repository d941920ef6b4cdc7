"""Where a request comes from, and whom to believe about it."""

import ipaddress
from collections.abc import Mapping
from typing import Final

from plg.settings.values import Networks

FORWARDING_FIELDS: Final = (
    b"forwarded",
    b"via",
    b"x-forwarded-for",
    b"x-forwarded-host",
    b"x-forwarded-port",
    b"x-forwarded-proto",
    b"x-real-ip",
)


def is_within(address: str, networks: Networks) -> bool:
    """Tell whether the address lies in one of the networks; what is no address lies in none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in networks)


def client_address(peer: str, fields: Mapping[bytes, bytes], trusted: Networks) -> str:
    """
    Return the client's address: the last one in `X-Forwarded-For` that is no trusted proxy.

    What a peer that is not trusted claims is ignored; what a trusted one passes on may be no
    address at all.
    """
    chain = fields.get(b"x-forwarded-for")
    if chain is None or not trusted or not is_within(peer, trusted):
        return peer
    hops = [hop.strip() for hop in chain.decode("latin-1").split(",")]
    for hop in reversed(hops):
        if not is_within(hop, trusted):
            return hop or peer
    return hops[0]


def is_forwarded(fields: Mapping[bytes, bytes]) -> bool:
    """Tell whether somebody says to have passed the request on."""
    return any(name in fields for name in FORWARDING_FIELDS)
