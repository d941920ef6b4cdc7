"""Where a request comes from, and whom to believe about it."""

import ipaddress
from collections.abc import Mapping
from typing import Final

from plg.settings import Networks

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


def client_address(peer: str, fields: Mapping[bytes, bytes], trusted: Networks) -> str | None:
    """
    Return the client's address: the last one in `X-Forwarded-For` that is no trusted proxy.

    Returns None where a peer that is not trusted claims to forward, or the claim is unreadable.
    """
    if not any(name in fields for name in FORWARDING_FIELDS):
        return peer
    if not is_within(peer, trusted):
        return None
    chain = fields.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
    for hop in reversed([hop.strip() for hop in chain]):
        if not is_within(hop, trusted):
            return hop or None
    return chain[0].strip() or None
