"""Statements in memory."""

from plg.application.ports.ledger.statements import Covered, Place, StatementsPort
from plg.domain.ledger.statements import Statement, StatementKind
from tests.fakes.memory_tables import Twin


class MemoryStatements(Twin, StatementsPort):
    """Statements in a dict."""

    async def next_place(self, kind: StatementKind) -> Place:
        numbers = self._written.statement_numbers
        numbers[kind] = numbers.get(kind, 0) + 1
        return Place(numbers[kind], sum(numbers.values()))

    async def add(self, statement: Statement) -> None:
        assert statement.number not in self._written.statements
        self._written.statements[statement.number] = statement

    async def get(self, number: str) -> Statement | None:
        return self._read.statements.get(number)

    async def page(
        self, account_id: str | None, *, before: int | None, limit: int
    ) -> list[Statement]:
        found = [
            each
            for each in self._all()
            if account_id in (None, each.account_id) and (before is None or each.position < before)
        ]
        return found[::-1][:limit]

    async def credits_of(self, number: str) -> list[Statement]:
        return [each for each in self._all() if each.credited == number]

    async def balances(self, account_id: str) -> dict[str, int]:
        mine = [each for each in self._all() if each.account_id == account_id]
        return {each.currency.code: each.balance for each in mine}

    async def covering(self, account_id: str, first: int, last: int) -> list[Covered]:
        found = []
        for each in self._all():
            span = each.span
            if each.account_id == account_id and span and span.first <= last and first <= span.last:
                found.append(Covered(each.number, each.currency.code, span.first, span.last))
        return found

    async def closing(self, account_id: str, key: str) -> tuple[str, ...] | None:
        return self._read.closings.get((account_id, key))

    async def note_closing(
        self,
        account_id: str,
        key: str,
        numbers: tuple[str, ...],
        now: float,  # noqa: ARG002 - the port's signature
    ) -> None:
        self._written.closings.setdefault((account_id, key), numbers)

    def _all(self) -> list[Statement]:
        return sorted(self._read.statements.values(), key=lambda each: each.position)
