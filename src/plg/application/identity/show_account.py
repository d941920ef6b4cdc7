"""Show an account."""

from dataclasses import dataclass

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import NotFound
from plg.domain.identity.accounts import Account


@dataclass(frozen=True, slots=True)
class ShowAccount:
    """Return an account by its id."""

    work: UnitOfWorkPort

    async def __call__(self, account_id: str) -> Account:
        """
        Return the account with this id.

        Raises:
            NotFound: If there is none.
        """
        async with self.work.look() as work:
            account = await work.accounts.get(account_id)
        if account is None:
            raise NotFound("There is no account with this id.")
        return account
