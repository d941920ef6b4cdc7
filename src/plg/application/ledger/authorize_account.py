"""Whose figures a caller asks for."""

from plg.application.identity.find_account import account_named
from plg.application.ports.work import Work
from plg.domain.errors import InsufficientScope, NotFound
from plg.domain.identity.access import Caller, Scope
from plg.domain.identity.accounts import Account


async def account_for(work: Work, caller: Caller, wanted: str | None) -> Account:
    """
    Return the caller's own account, or for admins the one with the wanted id or address.

    Raises:
        InsufficientScope: If it is not the caller's own, and the caller is no admin.
        NotFound: If there is no such account.
    """
    named = wanted or caller.account_id
    account = None if named is None else await account_named(work, named)
    if named != caller.account_id and (account is None or account.id != caller.account_id):
        check_admin(caller)
    if account is None:
        raise NotFound("There is no account with this id or e-mail address.")
    return account


def check_admin(caller: Caller) -> None:
    """
    Return where the caller may see all accounts.

    Raises:
        InsufficientScope: If not.
    """
    if Scope.ADMIN not in caller.scopes:
        raise InsufficientScope(Scope.ADMIN)
