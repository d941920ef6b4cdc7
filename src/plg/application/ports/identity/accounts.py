"""Where accounts are kept."""

from abc import abstractmethod
from typing import Protocol

from plg.domain.identity.accounts import Account, Email


class AccountsPort(Protocol):
    """Accounts, within one transaction. Every method may raise StorageUnavailable."""

    @abstractmethod
    async def add(self, account: Account) -> None:
        """
        Add an account.

        Raises:
            EmailTaken: If another has the address (`Email.key`).
        """

    @abstractmethod
    async def get(self, account_id: str) -> Account | None:
        """Return the account, or None; in a change, nobody else changes it until the end."""

    @abstractmethod
    async def find(self, email: Email) -> Account | None:
        """Return the account with this address, or None; one that is spelled so goes first."""

    @abstractmethod
    async def replace(self, account: Account) -> None:
        """
        Write all of the account with this id anew.

        Raises:
            EmailTaken: If another has the address.
        """

    @abstractmethod
    async def active_admins(self) -> frozenset[str]:
        """Return the ids of active admins; in a change, nobody else changes them until the end."""

    @abstractmethod
    async def page(self, *, after: str | None, limit: int, search: str | None) -> list[Account]:
        """
        Return accounts by ascending id, from the one after `after`.

        With `search`, only those whose address or name contains it; letters' case does not count,
        but in the ASCII form of a domain that is not ASCII.
        """
