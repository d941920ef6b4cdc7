"""Names are looked up as the machine knows them, in threads of their own."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from plg.adapters.webhooks.guarded_network import resolved


async def test_names_that_are_slow_to_look_up_hold_up_nobody_else() -> None:
    """Nor does who holds the threads that the loop has for all others, the source's names too."""
    loop, is_over = asyncio.get_running_loop(), threading.Event()
    with ThreadPoolExecutor(1) as threads:
        loop.set_default_executor(threads)
        held = loop.run_in_executor(None, is_over.wait)
        try:
            async with asyncio.timeout(5):
                found = await resolved("127.0.0.1", 80)
        finally:
            is_over.set()
            await held

    assert found == ["127.0.0.1"]
