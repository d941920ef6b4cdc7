"""Connections that do what a bad disk does."""

import sqlite3
import threading
from typing import Any, ClassVar, cast


class SlowConnection(sqlite3.Connection):
    """
    Commits only when `gate` is open; `is_durable_first` stops after the commit instead.

    `reached` is set when it stands before the gate; `committed` counts commits since it was shut.
    """

    gate: ClassVar[threading.Event] = threading.Event()
    reached: ClassVar[threading.Event] = threading.Event()
    committed: ClassVar[threading.Semaphore] = threading.Semaphore(0)
    is_durable_first: ClassVar[bool] = False

    @classmethod
    def close_gate(cls, *, is_durable_first: bool = False) -> None:
        cls.gate.clear()
        cls.reached.clear()
        cls.committed = threading.Semaphore(0)
        cls.is_durable_first = is_durable_first

    @classmethod
    def open_gate(cls) -> None:
        cls.gate.set()

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
        cls = type(self)
        if sql == "COMMIT" and not cls.is_durable_first:
            self._pass_the_gate()
        cursor = super().execute(sql, *cast("Any", args))
        if sql == "COMMIT":
            cls.committed.release()
            if cls.is_durable_first:
                self._pass_the_gate()
        return cursor

    def _pass_the_gate(self) -> None:
        if not self.gate.is_set():
            self.reached.set()
            self.gate.wait(20)


class FaultyConnection(sqlite3.Connection):
    """Runs into a fault of ours: instead of the statement `fails_at`, or after it was done."""

    fails_at: ClassVar[str | None] = None
    is_done_first: ClassVar[bool] = False

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
        cls = type(self)
        if sql != cls.fails_at:
            return super().execute(sql, *cast("Any", args))
        if cls.is_done_first:
            super().execute(sql, *cast("Any", args))
        raise SystemExit("a fault")


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
