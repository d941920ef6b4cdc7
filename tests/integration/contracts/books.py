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
    """The work, with its file or the URL of its database where it has one."""

    work: UnitOfWorkPort
    place: Path | str | None

    def write(self, *operations: Operation, may_refuse: bool = False) -> None:
        if self.place is None:
            assert isinstance(self.work, MemoryWork)
            memory_usage.submit(self.work.tables, operations, may_refuse=may_refuse)
        else:
            ledgers.write(self.place, operations, may_refuse=may_refuse)

    def take_back(self, record_id: str, void_id: str = "01VOID") -> None:
        if self.place is None:
            assert isinstance(self.work, MemoryWork)
            memory_usage.take_back(self.work.tables, record_id, void_id, NOON)
        else:
            ledgers.take_back(self.place, record_id, void_id, NOON)
