"""A sleep for tests."""

import asyncio


class RecordedSleep:
    """Writes down how long it should have been; takes no time, or lasts until released."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.begun = asyncio.Event()
        self.abandoned = asyncio.Event()
        self._released = asyncio.Event()
        self._released.set()

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.begun.set()
        try:
            await self._released.wait()
        except asyncio.CancelledError:
            self.abandoned.set()
            raise

    def hold(self) -> None:
        self._released.clear()

    def release(self) -> None:
        self._released.set()
