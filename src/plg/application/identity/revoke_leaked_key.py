"""End a key that somebody found where it should not be."""

from dataclasses import dataclass, replace
from typing import Final

from plg.application.audited_change import AuditedChange
from plg.application.identity.changing_keys import write
from plg.application.identity.key_digests import is_proved
from plg.domain.audit import Action, Actor
from plg.domain.identity.api_key_format import parse
from plg.domain.identity.keyring import Keyring

LEAKED: Final = "leaked"


@dataclass(frozen=True, slots=True)
class RevokeLeakedKey:
    """
    Revoke the key whose full secret is presented, by anybody.

    Who has the secret could use the key, and so learns nothing; who has less ends nothing.
    """

    changes: AuditedChange
    keyring: Keyring

    async def __call__(self, credential: str, actor: Actor) -> bool:
        """Tell whether it was one of our keys, which now is good for nothing."""
        presented = parse(credential)
        if presented is None:
            return False
        async with self.changes.look() as work:
            standing = await work.api_keys.standing(presented.public)
        is_right = is_proved(self.keyring, presented, standing.secret if standing else None)
        if standing is None or not is_right:
            return False
        async with self.changes(actor) as change:
            work, now = change.work, change.now
            key = await work.api_keys.get(
                standing.key.id
            )  # held: nobody regenerates it until the end
            standing = await work.api_keys.standing(presented.public)
            if key is None or standing is None or not standing.secret.is_live(now):
                return True  # a secret that was replaced and has ended: its key goes on
            if not key.is_revoked:
                revoked = replace(key, revoked_at=now, revoked_reason=LEAKED)
                await write(change, revoked, Action.KEY_LEAKED, {"prefix": presented.prefix})
        return True
