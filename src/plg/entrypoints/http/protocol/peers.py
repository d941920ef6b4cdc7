"""Where a request comes from, and whom to believe about it."""

import ipaddress
import re
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

_WITH_PORT: Final = re.compile(r"(?:\[([^\]]*)\]|([0-9.]+))(?::[0-9]*)?")


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
    address at all. Ports and brackets are left out. Every comma divides: in this field
    quotes mean nothing, or a client's could hide what a proxy appends.
    """
    chain = fields.get(b"x-forwarded-for")
    if chain is None or not trusted or not is_within(peer, trusted):
        return peer
    hops = [_without_port(hop.strip()) for hop in chain.decode("latin-1").split(",")]
    for hop in reversed(hops):
        if not is_within(hop, trusted):
            return hop or peer
    return hops[0]


def _without_port(hop: str) -> str:
    match = _WITH_PORT.fullmatch(hop)
    return hop if match is None else match[1] or match[2] or ""


def is_forwarded(fields: Mapping[bytes, bytes]) -> bool:
    """Tell whether somebody says to have passed the request on."""
    return any(name in fields for name in FORWARDING_FIELDS)
