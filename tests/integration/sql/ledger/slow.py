"""Connections that do what a bad disk does."""

import sqlite3
import threading
from typing import Any, ClassVar, cast


class SlowConnection(sqlite3.Connection):
    """Commits only when `gate` is open; `is_durable_first` stops after the commit instead."""

    gate: ClassVar[threading.Event] = threading.Event()
    reached: ClassVar[threading.Event] = threading.Event()
    is_durable_first: ClassVar[bool] = False

    @classmethod
    def close_gate(cls, *, is_durable_first: bool = False) -> None:
        cls.gate.clear()
        cls.reached.clear()
        cls.is_durable_first = is_durable_first

    @classmethod
    def open_gate(cls) -> None:
        cls.gate.set()

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
        cls = type(self)
        if sql != "COMMIT" or cls.gate.is_set():
            return super().execute(sql, *cast("Any", args))
        if cls.is_durable_first:
            cursor = super().execute(sql, *cast("Any", args))
        cls.reached.set()
        cls.gate.wait(20)
        return cursor if cls.is_durable_first else super().execute(sql, *cast("Any", args))


class BrokenConnection(sqlite3.Connection):
    """Fails to commit for as long as `failures` are left: `is_durable` all the same, or not."""

    reached: ClassVar[threading.Event] = threading.Event()
    gate: ClassVar[threading.Event] = threading.Event()
    failures: ClassVar[int] = 0
    is_durable: ClassVar[bool] = False

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
        cls = type(self)
        if sql != "COMMIT" or not cls.failures:
            return super().execute(sql, *cast("Any", args))
        cls.failures -= 1
        cls.reached.set()
        cls.gate.wait(20)
        super().execute("COMMIT" if cls.is_durable else "ROLLBACK")
        raise sqlite3.OperationalError("disk I/O error")
