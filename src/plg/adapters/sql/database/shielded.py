"""What must not be left half done by somebody who is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """
    Await something that goes on to its end even where the caller is cancelled meanwhile.

    A driver's thread does not stop in the middle of a statement: a connection that is given up
    then may keep its transaction, and with it the database's one write lock, for long.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError:
                continue  # cancelled once more: it is told at the end all the same
        raise
