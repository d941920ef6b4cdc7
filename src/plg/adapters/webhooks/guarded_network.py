"""Connections to addresses that were checked, and to no others."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import httpcore

from plg.domain.identity.networks import Network, is_within
from plg.domain.notices.public_addresses import is_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
TRIED_MAX: Final = 4
"""Addresses of one host that are tried."""
CONNECT_SECONDS: Final = 3.0
"""For each of them."""
LOOKED_UP_MAX: Final = 16
"""Hosts that are looked up at once."""
_THREADS: Final = ThreadPoolExecutor(LOOKED_UP_MAX, thread_name_prefix="plg-webhook-names")


class AddressRefused(Exception):
    """The host has an address that may not be reached, or none at all: which is not told."""


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """
    Looks a host up once, checks every address that it has, and connects to those very ones.

    A name that answers otherwise a moment later (DNS rebinding) so gains nothing. The name stays
    that of the request: `Host` and the certificate are about it.

    Args:
        allowed: Networks that may be reached although they are not public.
        is_public_allowed: Whether public addresses may be reached.
    """

    def __init__(
        self,
        allowed: Iterable[Network],
        resolve: Resolve,
        *,
        is_public_allowed: bool,
    ) -> None:
        self._allowed = tuple(allowed)
        self._resolve = resolve
        self._is_public_allowed = is_public_allowed
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._checked(host, port)
        failure: Exception = AddressRefused()
        for address in addresses[:TRIED_MAX]:
            try:
                return await self._inner.connect_tcp(
                    address, port, CONNECT_SECONDS, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise AddressRefused from error
        if not addresses or not all(self._may_reach(each) for each in addresses):
            raise AddressRefused
        return addresses

    def _may_reach(self, address: str) -> bool:
        if is_within(address, self._allowed):
            return True
        return self._is_public_allowed and is_public(address)


async def resolved(host: str, port: int) -> Sequence[str]:
    """
    Return the addresses of a host, as the machine knows them.

    Who runs a host's name server may let it take its time, which no timeout of ours ends: threads
    that wait for it are none of those that look up the source.
    """
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_THREADS, look_up)
    return [str(address[0]) for *_, address in found]
