"""Which adapter stands behind which port, and how what they make starts and ends."""

from plg.container.container import Container
from plg.container.lifecycle import (
    adopt_declared,
    await_servers,
    close,
    prepare,
    prepare_command,
    redeclared,
    running,
)

__all__ = [
    "Container",
    "adopt_declared",
    "await_servers",
    "close",
    "prepare",
    "prepare_command",
    "redeclared",
    "running",
]
