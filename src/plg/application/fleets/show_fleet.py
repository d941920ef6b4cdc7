"""Show a fleet."""

from dataclasses import dataclass
from typing import Final

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import NotFound
from plg.domain.fleets.fleets import Fleet

ACCOUNTS_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class ShownFleet:
    """
    A fleet, and who is bound to it.

    Attributes:
        account_ids: At most 1000 of them.
    """

    fleet: Fleet
    account_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShowFleet:
    """Returns a fleet with its accounts."""

    work: UnitOfWorkPort

    async def __call__(self, code: str) -> ShownFleet:
        """
        Return it.

        Raises:
            NotFound: If there is no such fleet.
        """
        async with self.work.look() as work:
            fleet = await work.fleets.get(code)
            if fleet is None:
                raise NotFound(f"There is no fleet {code}.")
            account_ids = await work.fleets.accounts(code, limit=ACCOUNTS_MAX)
        return ShownFleet(fleet, tuple(account_ids))
