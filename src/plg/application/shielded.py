"""Work that is not left half done when its caller is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def shielded(work: Coroutine[Any, Any, T]) -> T:
    """
    Return what the work returns; cancelled, wait for its end first.

    A driver's thread does not stop in the middle of a statement: a connection that is given up
    then may keep its transaction, and with it the database's one write lock, for long.

    Raises:
        CancelledError: Once the work has ended, however often the caller was cancelled.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError:
                continue
        raise
