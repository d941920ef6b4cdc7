"""Which account is meant."""

from dataclasses import dataclass

from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.errors import InvalidParameter, NotFound
from plg.domain.identity.accounts import Account, Email


async def account_named(work: Work, text: str) -> Account | None:
    """Return the account with this id or e-mail address, or None; no id has an `@`."""
    if "@" not in text:
        return await work.accounts.get(text)
    try:
        return await work.accounts.find(Email.named(text))
    except InvalidParameter:
        return None


@dataclass(frozen=True, slots=True)
class FindAccount:
    """Finds an account by what people know of it."""

    work: UnitOfWorkPort

    async def __call__(self, text: str) -> Account:
        """
        Return the account with this id or e-mail address.

        Raises:
            NotFound: If there is none.
        """
        async with self.work.look() as work:
            account = await account_named(work, text)
        if account is None:
            raise NotFound("There is no account with this id or e-mail address.")
        return account
