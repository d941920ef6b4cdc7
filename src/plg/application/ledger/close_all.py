"""Close what every account has not been billed yet."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from plg.application.audited_change import AuditedChange
from plg.application.ledger.closing import close
from plg.domain.audit import Actor
from plg.domain.ledger.statements import Statement

PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class CloseAll:
    """
    Ends a period for everybody: an account at a time, each in a change of its own.

    Where it is interrupted, the next call continues with the accounts that are left.
    """

    changes: AuditedChange

    async def __call__(self, actor: Actor) -> AsyncIterator[Statement]:
        """Yield the statements as they are closed."""
        after: str | None = None
        while True:
            async with self.changes.look() as work:
                page = await work.usage.with_unbilled(after, PAGE)
            for account_id in page:
                for statement in await self._close(account_id, actor):
                    yield statement
            if len(page) < PAGE:
                return
            after = page[-1]

    async def _close(self, account_id: str, actor: Actor) -> list[Statement]:
        async with self.changes(actor) as change:
            end = await change.work.usage.end(account_id)
            return await close(change, account_id, end)
