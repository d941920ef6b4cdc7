"""Where plans are kept, and which account has which."""

from abc import abstractmethod
from typing import Protocol

from plg.domain.plans.account_plans import AccountTerms, Assignment, Override
from plg.domain.plans.plans import Plan
from plg.domain.plans.tariffs import SpendCap


class PlansPort(Protocol):
    """
    Plans and terms, within one transaction. Every method may raise StorageUnavailable.

    From the start there are `basic`, `premium` and `enterprise`; no version is ever removed. Who
    changes the terms of an account has read the account first, and so keeps others from it.
    """

    @abstractmethod
    async def all(self) -> list[Plan]:
        """Return every version of every plan, by code and version."""

    @abstractmethod
    async def versions(self, code: str) -> list[Plan]:
        """Return a plan's versions, the first one first; in a change, nobody else adds one."""

    @abstractmethod
    async def add(self, plan: Plan) -> None:
        """Add a version whose number is the next one."""

    @abstractmethod
    async def of_account(self, account_id: str, now: float) -> AccountTerms:
        """Return the terms of an account, without overrides that have ended."""

    @abstractmethod
    async def assign(self, assignment: Assignment) -> None:
        """Add an assignment; those that would begin with it or later are dropped."""

    @abstractmethod
    async def add_override(self, override: Override) -> None:
        """Add an override."""

    @abstractmethod
    async def end_override(self, account_id: str, override_id: str, now: float) -> bool:
        """
        End an override now, or remove it where it has not begun.

        Returns False where the account has none of this id that has not ended.
        """

    @abstractmethod
    async def set_cap(self, account_id: str, cap: SpendCap | None) -> None:
        """Give an account this spend cap in place of the one that it has; None for none."""

    @abstractmethod
    async def set_own_cap(self, account_id: str, cap: SpendCap | None) -> None:
        """Do the same with the spend cap that the account gives itself."""
