"""Hosts as requests name them (RFC 3986, 3.2.2 and 3.2.3; RFC 9110, 4.2)."""

import ipaddress
import re
from functools import lru_cache
from typing import Final

PORT_MAX: Final = 65535
HOSTS_KNOWN: Final = 256
LENGTH_KNOWN: Final = 256

_AUTHORITY: Final = re.compile(
    rb"(?:\[(?P<literal>[^\]]++)\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]++|%[0-9A-Fa-f]{2})++)"
    rb"(?::0*+(?P<port>[0-9]{0,5}+))?+"
)
_LATER_ADDRESS: Final = re.compile(rb"[vV][0-9A-Fa-f]++\.[A-Za-z0-9\-._~!$&'()*+,;=:]++")


def is_host(value: bytes) -> bool:
    """Tell whether `Host` may have this value: an authority, or nothing (RFC 9112, 3.2)."""
    if len(value) > LENGTH_KNOWN:
        return is_authority(value)
    return not value or _is_known(value)


def is_authority(value: bytes) -> bool:
    """Tell whether this is a host, and a port after a colon if any; nobody may log in by it."""
    match = _AUTHORITY.fullmatch(value)
    if match is None:
        return False
    literal, port = match.groups()
    if port and int(port) > PORT_MAX:
        return False
    return literal is None or _is_address(literal)


@lru_cache(HOSTS_KNOWN)
def _is_known(value: bytes) -> bool:
    """Look once at the few hosts under which clients know a gateway."""
    return is_authority(value)


def _is_address(literal: bytes) -> bool:
    if _LATER_ADDRESS.fullmatch(literal):
        return True
    try:  # a zone means something to the client's own host only
        return b"%" not in literal and bool(ipaddress.IPv6Address(literal.decode("latin-1")))
    except ValueError:
        return False
