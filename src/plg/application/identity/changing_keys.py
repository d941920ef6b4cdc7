"""What every change of a key has in common."""

from collections.abc import Mapping
from dataclasses import replace

from plg.application.audited_change import Change
from plg.application.ports.work import Work
from plg.domain.audit import Action
from plg.domain.errors import InvalidCredential, KeyRevoked, NotFound
from plg.domain.identity.access import Caller, ScopeCatalogue
from plg.domain.identity.api_key_grants import Grant
from plg.domain.identity.api_keys import ApiKey
from plg.domain.limits.rates import NO_RATES, Rates


async def grant_of(
    work: Work, caller: Caller, catalogue: ScopeCatalogue, ceiling: Rates = NO_RATES
) -> Grant:
    """
    Return what the caller may give, by what is true within this change.

    The account is read first and so held until the end: its keys change one after the other.

    Raises:
        InvalidCredential: If the credential has ended since it was checked.
    """
    account = await work.accounts.get(caller.account_id or "")
    if account is None or not account.is_active:
        raise InvalidCredential("The credential is not valid any more.")
    maker_key = None
    if caller.key_id is not None:
        maker_key = await work.api_keys.get(caller.key_id)
        if maker_key is None or maker_key.is_revoked or not maker_key.is_enabled:
            raise InvalidCredential("The credential is not valid any more.")
    # The rates that the caller is held to may be its plan's: those change with the plan, so a key
    # that it makes does not have them as its own. They are the most that it may have, though.
    own = NO_RATES if maker_key is None else maker_key.rates
    maker = replace(caller, scopes=account.role.allowed(caller.scopes), rates=own)
    if caller.tariff is not None:
        ceiling = caller.tariff.rates.over(ceiling)
    return Grant.of(maker, maker_key, ceiling, catalogue)


async def own_key(work: Work, key_id: str, caller: Caller) -> ApiKey:
    """
    Return the key.

    Raises:
        NotFound: If there is none, or it is another account's.
    """
    key = await work.api_keys.get(key_id)
    if key is None or key.account_id != caller.account_id:
        raise NotFound("There is no such key.")
    return key


async def own_live_key(work: Work, key_id: str, caller: Caller) -> ApiKey:
    """
    Return the key, which may be changed.

    Raises:
        NotFound: If there is none, or it is another account's.
        KeyRevoked: If it was revoked.
    """
    key = await own_key(work, key_id, caller)
    if key.is_revoked:
        raise KeyRevoked("The key was revoked: make a new one.")
    return key


async def write(change: Change, key: ApiKey, action: Action, details: Mapping[str, str]) -> ApiKey:
    """Write a key that is changed, have every process follow, and return it as it is kept."""
    changed = replace(key, updated_at=change.now)
    await change.work.api_keys.replace(changed)
    await change.record(action, f"key:{key.id}", details)
    await change.outdate(key.account_id)
    return changed
