"""Whose accounts and keys a command is about."""

from collections.abc import Iterable
from typing import Final

from plg.container import Container
from plg.domain.errors import NotFound
from plg.domain.identity.access import Caller, ScopeCatalogue
from plg.domain.identity.accounts import Account
from plg.entrypoints.cli.failures import NothingFound

PAGE: Final = 100


async def find_account(container: Container, who: str) -> Account:
    """
    Return the account with this address or id.

    Raises:
        NothingFound: If there is none.
    """
    try:
        found: Account = await container.access.find_account()(who)
    except NotFound as error:
        raise NothingFound(f"There is no account {who}.") from error
    return found


async def account_of_key(container: Container, key_id: str) -> Account:
    """
    Return the account that holds a key.

    Raises:
        NothingFound: If there is no such key.
    """
    async with container.access.work().look() as work:
        key = await work.api_keys.get(key_id)
        account = await work.accounts.get(key.account_id) if key else None
    if account is None:
        raise NothingFound(f"There is no key {key_id}.")
    found: Account = account
    return found


async def all_accounts(container: Container) -> list[Account]:
    """Return every account, in the order they were made."""
    accounts: list[Account] = []
    page: list[Account] | None = None
    while page is None or len(page) == PAGE:
        after = accounts[-1].id if accounts else None
        async with container.access.work().look() as work:
            page = await work.accounts.page(after=after, limit=PAGE, search=None)
        accounts += page or []
    return accounts


async def emails_of(container: Container, ids: Iterable[str]) -> dict[str, str]:
    """Return the addresses of accounts by their ids; those that are no account are left out."""
    found: dict[str, str] = {}
    async with container.access.work().look() as work:
        for account_id in dict.fromkeys(ids):
            account = await work.accounts.get(account_id)
            if account is not None:
                found[account_id] = account.email.address
    return found


def operator_for(account: Account, catalogue: ScopeCatalogue) -> Caller:
    """Return who acts on the command line for an account: with all that it may do."""
    scopes = account.role.scopes | catalogue.declared
    return Caller("operator", scopes, account_id=account.id)
