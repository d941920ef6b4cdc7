"""Ports for servers that tests start as processes of their own."""

import socket
import sys

from plg.entrypoints.cli.server.listening import LOOPBACK

_RESERVED: list[socket.socket] = []


def reserved_port() -> int:
    """
    Return a port of the loopback address that nobody else is given while this process lives.

    A socket that is bound, does not listen, and may be shared keeps the system from giving the
    port away, and lets a server that asks for it by number listen there (Linux; elsewhere the port
    was free a moment ago).
    """
    keeper = socket.socket()
    keeper.bind((LOOPBACK, 0))
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    port: int = keeper.getsockname()[1]
    if sys.platform == "linux":
        _RESERVED.append(keeper)
    else:
        keeper.close()
    return port
