"""List fleets."""

from dataclasses import dataclass

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import NotFound
from plg.domain.fleets.fleets import Fleet


@dataclass(frozen=True, slots=True)
class ListFleets:
    """Return fleets by code, all or those that an account is bound to."""

    work: UnitOfWorkPort

    async def __call__(
        self, account_id: str | None = None, *, after: str | None = None, limit: int
    ) -> list[Fleet]:
        """
        Return the fleets that follow the one with the code `after`.

        Raises:
            NotFound: If there is no such account.
        """
        async with self.work.look() as work:
            if account_id is None:
                return await work.fleets.page(after=after, limit=limit)
            if await work.accounts.get(account_id) is None:
                raise NotFound("There is no account with this id.")
            return await work.fleets.of_account(account_id, after=after, limit=limit)
