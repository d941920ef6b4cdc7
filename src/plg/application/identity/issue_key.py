"""Make a key."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.identity.changing_keys import grant_of
from plg.application.identity.key_digests import secret_of
from plg.domain.audit import Action, Actor
from plg.domain.errors import TooManyHeld
from plg.domain.identity.access import ONLY_BUILT_IN, Caller, ScopeCatalogue
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.identity.api_key_fields import KEYS_MAX
from plg.domain.identity.api_key_format import PresentedKey, new_secret
from plg.domain.identity.api_keys import ApiKey
from plg.domain.identity.keyring import Keyring
from plg.domain.ids import new_id
from plg.domain.limits.rates import NO_RATES, Rates


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key with its new secret, which is shown this once."""

    key: ApiKey
    secret: PresentedKey


@dataclass(frozen=True, slots=True)
class IssueKey:
    """
    Make a key for the caller's account, which may never do more than what the caller uses.

    Attributes:
        ceiling: The highest rates that anybody but an admin may give a key.
    """

    changes: AuditedChange
    keyring: Keyring
    ceiling: Rates = NO_RATES
    catalogue: ScopeCatalogue = ONLY_BUILT_IN

    async def __call__(self, wanted: KeyChange, caller: Caller, actor: Actor) -> IssuedKey:
        """
        Return the key as it was made.

        Raises:
            InvalidParameter: If it cannot be like this.
            InsufficientScope: If the caller lacks a scope that it should have.
            TooManyHeld: If the account has as many as it may.
        """
        secret = new_secret()
        async with self.changes(actor) as change:
            work, now = change.work, change.now
            grant = await grant_of(work, caller, self.catalogue, self.ceiling)
            account_id = caller.account_id or ""  # there is one, or there was no grant
            blank = ApiKey(new_id(now), account_id, "", secret.prefix, frozenset(), now, None)
            key = wanted.applied_to(grant.fill(blank, now), now)
            grant.check_names(key.scopes)
            grant.check(key)
            if await work.api_keys.count(account_id) >= KEYS_MAX:
                raise TooManyHeld(f"An account may have {KEYS_MAX} keys that are not revoked.")
            await work.api_keys.add(key, secret_of(self.keyring, secret, key.id, now))
            details = {
                "name": key.name,
                "prefix": key.prefix,
                "scopes": " ".join(sorted(key.scopes)),
            }
            await change.record(Action.KEY_ISSUED, f"key:{key.id}", details)
        return IssuedKey(key, secret)
