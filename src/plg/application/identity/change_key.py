"""Change what a key is."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.identity.changing_keys import grant_of, own_live_key, write
from plg.domain.audit import Action, Actor
from plg.domain.identity.access import ONLY_BUILT_IN, Caller, ScopeCatalogue
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.identity.api_keys import ApiKey
from plg.domain.limits.rates import NO_RATES, Rates


@dataclass(frozen=True, slots=True)
class ChangeKey:
    """
    Change a key of the caller's account; its secret stays.

    Attributes:
        ceiling: The highest rates that anybody but an admin may give a key.
    """

    changes: AuditedChange
    ceiling: Rates = NO_RATES
    catalogue: ScopeCatalogue = ONLY_BUILT_IN

    async def __call__(
        self,
        key_id: str,
        wanted: KeyChange,
        caller: Caller,
        actor: Actor,
        *,
        is_whole: bool = False,
    ) -> ApiKey:
        """
        Return the key as it is now; `is_whole` makes what is unsaid as in a new key.

        Raises:
            NotFound: If there is none, or it is another account's.
            KeyRevoked: If it was revoked.
            InvalidParameter: If it cannot be like this.
            InsufficientScope: If the caller lacks a scope that it has or should have.
        """
        async with self.changes(actor) as change:
            work, now = change.work, change.now
            grant = await grant_of(work, caller, self.catalogue, self.ceiling)
            before = await own_live_key(work, key_id, caller)
            key = wanted.applied_to(grant.fill(before, now) if is_whole else before, now)
            grant.check_names(key.scopes - before.scopes)
            grant.check(key, before)
            details = _differences(before, key)
            if details:
                key = await write(change, key, Action.KEY_CHANGED, details)
        return key


def _differences(before: ApiKey, key: ApiKey) -> dict[str, str]:
    shown_before, shown = _shown(before), _shown(key)
    return {name: text for name, text in shown.items() if text != shown_before[name]}


def _shown(key: ApiKey) -> dict[str, str]:
    return {
        "name": key.name,
        "scopes": " ".join(sorted(key.scopes)),
        "expires_at": "never" if key.expires_at is None else str(key.expires_at),
        "allowed_networks": " ".join(map(str, key.allowed_networks)),
        "burst": str(key.rates.burst or "default"),
        "sustained": str(key.rates.sustained or "default"),
        "is_enabled": str(key.is_enabled).lower(),
    }
