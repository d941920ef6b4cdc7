"""List accounts."""

from dataclasses import dataclass

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.accounts import Account


@dataclass(frozen=True, slots=True)
class ListAccounts:
    """Return accounts by ascending id, all or those whose address or name contains a text."""

    work: UnitOfWorkPort

    async def __call__(
        self, *, after: str | None = None, limit: int, search: str | None = None
    ) -> list[Account]:
        """Return the accounts that follow the one with the id `after`."""
        async with self.work.look() as work:
            return await work.accounts.page(after=after, limit=limit, search=search or None)
