"""When and where keys were last used."""

import asyncio
from itertools import islice
from math import inf
from typing import Final

from plg.application.ports.identity.api_keys import KeyUse
from plg.application.ports.work import UnitOfWorkPort
from plg.application.shielded import shielded
from plg.domain.errors import StorageUnavailable
from plg.domain.identity.access import Caller

MINUTE: Final = 60
WAITING_MAX: Final = 131_072
WRITE_STEP: Final = 500


class KeyUses:
    """
    Takes note of uses, exact to the minute, and writes the latest of each key down now and then.

    Noting is cheap enough for every request: only a key's first use in a minute does anything.
    A database that is down loses nothing but, past `waiting_max` keys, the oldest uses.
    """

    __slots__ = ("_minute", "_noted", "_waiting", "_waiting_max", "_work")

    def __init__(self, work: UnitOfWorkPort, waiting_max: int = WAITING_MAX) -> None:
        self._work = work
        self._waiting_max = waiting_max
        self._minute = -1.0
        self._noted: set[str] = set()
        self._waiting: dict[str, KeyUse] = {}

    def __len__(self) -> int:
        """How many keys wait to be written."""
        return len(self._waiting)

    def note(self, caller: Caller, now: float, address: str | None) -> float:
        """Note that a key was used, and return until when that says enough; no key, for ever."""
        key_id = caller.key_id
        if key_id is None:
            return inf
        minute = now // MINUTE
        if minute != self._minute or len(self._noted) >= self._waiting_max:
            self._minute = minute
            self._noted.clear()
        if key_id not in self._noted:
            self._noted.add(key_id)
            self._wait(KeyUse(key_id, minute * MINUTE, address))
        return (minute + 1) * MINUTE

    async def write(self) -> None:
        """
        Write down what waits, in steps that let others write.

        Raises:
            StorageUnavailable: If the database fails; what was not written keeps waiting.
        """
        waiting, self._waiting = self._waiting, {}
        written = 0
        try:
            while written < len(waiting):
                step = tuple(islice(waiting.values(), written, written + WRITE_STEP))
                await shielded(self._write(step))
                written += len(step)
                await asyncio.sleep(0)
        except (StorageUnavailable, asyncio.CancelledError):
            newer, self._waiting = self._waiting, dict(islice(waiting.items(), written, None))
            for use in newer.values():
                self._wait(use)
            raise

    async def _write(self, uses: tuple[KeyUse, ...]) -> None:
        async with self._work.change() as work:
            await work.api_keys.note_uses(uses)

    def _wait(self, use: KeyUse) -> None:
        held = self._waiting.pop(use.key_id, None)
        if held is None and len(self._waiting) >= self._waiting_max:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[use.key_id] = use if held is None or held.at < use.at else held
