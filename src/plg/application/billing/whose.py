"""Whose figures a caller asks for."""

from plg.application.ports.work import Work
from plg.domain.access import Caller, Scope
from plg.domain.accounts import Account
from plg.domain.errors import InsufficientScope, NotFound


async def account_for(work: Work, caller: Caller, wanted: str | None) -> Account:
    """
    Return the caller's own account, or for admins the one that is wanted.

    Raises:
        InsufficientScope: If it is not the caller's own, and the caller is no admin.
        NotFound: If there is no such account.
    """
    account_id = wanted or caller.account_id
    if account_id != caller.account_id:
        check_admin(caller)
    account = None if account_id is None else await work.accounts.get(account_id)
    if account is None:
        raise NotFound("There is no account with this id.")
    return account


def check_admin(caller: Caller) -> None:
    """
    Return where the caller may see all accounts.

    Raises:
        InsufficientScope: If not.
    """
    if Scope.ADMIN not in caller.scopes:
        raise InsufficientScope(Scope.ADMIN)
