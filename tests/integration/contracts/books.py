"""A durable database, and a ledger that writes to it."""

from dataclasses import dataclass
from pathlib import Path

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.ledger.usage import Operation
from tests.fakes import memory_usage
from tests.fakes.clock import NOON
from tests.fakes.work import MemoryWork
from tests.integration import ledgers


@dataclass(frozen=True, slots=True)
class Booked:
    """The work, with the path of its file where it has one."""

    work: UnitOfWorkPort
    path: Path | None

    def write(self, *operations: Operation, may_refuse: bool = False) -> None:
        if self.path is None:
            assert isinstance(self.work, MemoryWork)
            memory_usage.submit(self.work.tables, operations, may_refuse=may_refuse)
        else:
            ledgers.write(self.path, operations, may_refuse=may_refuse)

    def take_back(self, record_id: str, void_id: str = "01VOID") -> None:
        if self.path is None:
            assert isinstance(self.work, MemoryWork)
            memory_usage.take_back(self.work.tables, record_id, void_id, NOON)
        else:
            ledgers.take_back(self.path, record_id, void_id, NOON)
