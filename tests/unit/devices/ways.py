"""Ways to prove a device."""

from collections.abc import Awaitable, Callable

from plg.domain.identity.access import Caller
from plg.domain.identity.sessions import Tokens

Prove = Callable[..., Awaitable[Tokens | Caller]]
