"""Ways to prove a device."""

from collections.abc import Awaitable, Callable

from plg.domain.access import Caller
from plg.domain.sessions import Tokens

Prove = Callable[..., Awaitable[Tokens | Caller]]
