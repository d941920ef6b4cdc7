"""Ports: is one free, and does somebody listen there?"""

import errno
import random
import socket
import time
from collections.abc import Sequence
from contextlib import closing

from plg.entrypoints.cli.failures import Failed

LOOPBACK = "127.0.0.1"
POLL_SECONDS = 0.02
READY_SECONDS = 60.0
PORT_MAX = 65_535
NEXT_MAX = 100
"""How many ports after one that is taken are looked at."""
PORTS = range(20_000, 32_768)
"""Below the range from which systems give ports to clients: none of these is taken in passing."""


def check_free(host: str, port: int) -> None:
    """
    Return if a server could listen there now.

    Raises:
        Failed: If not; the sentence says why.
    """
    try:
        _bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "is taken: end what listens there, or choose another port."
        else:
            reason = f"cannot be listened on: {error.strerror or error}."
        raise Failed(f"Port {port} of {host} {reason}") from error


def port_from(host: str, wanted: int) -> int:
    """Return the port where nobody listens on it yet, else the next one that is free."""
    after = range(wanted + 1, min(wanted + NEXT_MAX, PORT_MAX) + 1)
    if not _is_taken(host, wanted):
        return wanted
    return next((port for port in after if _is_free(host, port)), wanted)


def free_port(among: Sequence[int] = PORTS) -> int:
    """Return a port of the loopback address on which nobody listens."""
    ports = random.sample(among, len(among))
    return next(port for port in ports if _is_free(LOOPBACK, port))


def wait_until_listening(host: str, port: int, patience: float = READY_SECONDS) -> bool:
    """Return True as soon as somebody listens there, False after a minute without."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            socket.create_connection((reachable(host), port), timeout=1).close()
        except OSError:
            time.sleep(POLL_SECONDS)
        else:
            return True
    return False


def reachable(host: str) -> str:
    """Return an address by which this machine reaches what listens on `host`."""
    return {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104


def origin(host: str, port: int) -> str:
    """Return the address as people type it."""
    name = reachable(host)
    if name in (LOOPBACK, "::1"):
        name = "localhost"
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _is_taken(host: str, port: int) -> bool:
    try:
        _bind(host, port)
    except OSError as error:
        return error.errno == errno.EADDRINUSE
    return False


def _is_free(host: str, port: int) -> bool:
    try:
        _bind(host, port)
    except OSError:
        return False
    return True


def _bind(host: str, port: int) -> None:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for family, address in {(family, address) for family, _, _, _, address in found}:
        with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind(address)
