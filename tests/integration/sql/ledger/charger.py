"""
A process that charges, to be killed.

    charge PATH FIRST   charge for ever, some waiting at a time; print each id that is durable
    race PATH FIRST     charge 200 times against a quota of 100; print each id that is durable
    reach PATH FIRST    as charge, under a spend cap of 3000 hits that is told
    hang PATH FIRST     commit once, and never come back from it; print each id that failed
"""

import asyncio
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from plg.adapters.clock import SystemClock
from plg.domain.errors import PlgError
from plg.domain.ledger.usage import Counted, Operation
from plg.domain.plans.tariffs import SpendCap, Tariff
from tests.fakes.usage import ANA, BEN, CENT, TARIFF, asked, charge, reserve, tariff_of
from tests.integration.sql.ledger.files import opened, promised

WAITING = 32
TOLD_CAP = SpendCap(3000 * 5 * CENT, blocks=False)


class HangingConnection(sqlite3.Connection):
    """Commits, and does not come back when something was recorded."""

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
        has_records = self.total_changes > 4
        cursor = super().execute(sql, *cast("Any", args))
        if sql == "COMMIT" and has_records:
            threading.Event().wait()
        return cursor


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


async def charge_for_ever(path: Path, first: int, tariff: Tariff = TARIFF) -> None:
    async with opened(path, SystemClock()) as ledger:
        number = first

        def go_on(operation: Operation, answer: Counted | PlgError) -> None:
            if isinstance(answer, Counted):
                say(operation.asked.id)
                begin()

        def begin() -> None:
            nonlocal number
            number += 1
            account, at = BEN if number % 3 else ANA, SystemClock().now()
            what = asked(number, account=account, at=at, tariff=tariff)
            operation = reserve(what) if number % 50 == 0 else charge(what)
            if number % 50:
                ledger.submit(operation, lambda answer: go_on(operation, answer))
            else:
                ledger.submit(operation, lambda _: begin())

        for _ in range(WAITING):
            begin()
        await asyncio.Event().wait()


async def reach(path: Path, first: int) -> None:
    await charge_for_ever(path, first, replace(TARIFF, spend_cap=TOLD_CAP))


async def race(path: Path, first: int) -> None:
    tariff = tariff_of(requests=100)
    async with opened(path) as ledger:
        charges = [charge(asked(number, tariff=tariff)) for number in range(first, first + 200)]
        answers = await asyncio.gather(*(promised(ledger, each) for each in charges))
    for each, answer in zip(charges, answers, strict=True):
        if isinstance(answer, Counted):
            say(each.asked.id)


async def hang(path: Path, first: int) -> None:
    async with opened(path, patience_seconds=0.3, connection_type=HangingConnection) as ledger:
        charges = [charge(asked(number)) for number in range(first, first + 5)]
        answers = await asyncio.gather(*(promised(ledger, each) for each in charges))
        for each, answer in zip(charges, answers, strict=True):
            say(f"{each.asked.id} {type(answer).__name__}")
        await asyncio.Event().wait()


if __name__ == "__main__":
    actions: dict[str, Callable[[Path, int], Coroutine[Any, Any, None]]] = {
        "charge": charge_for_ever,
        "reach": reach,
        "race": race,
        "hang": hang,
    }
    asyncio.run(actions[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3])))
