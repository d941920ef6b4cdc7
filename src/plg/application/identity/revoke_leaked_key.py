"""End a key that somebody found where it should not be."""

from dataclasses import dataclass, replace
from typing import Final

from plg.application.identity.changing_keys import publish, record, write
from plg.application.identity.key_digests import is_proved
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.credential_cache import CredentialCachePort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import Action, Actor
from plg.domain.identity.api_key_format import parse
from plg.domain.identity.keyring import Keyring

LEAKED: Final = "leaked"


@dataclass(frozen=True, slots=True)
class RevokeLeakedKey:
    """
    Revoke the key whose full secret is presented, whoever presents it.

    Who has the secret could use the key, and so learns nothing; who has less ends nothing.
    """

    work: UnitOfWorkPort
    keyring: Keyring
    remembered: CredentialCachePort
    clock: ClockPort

    async def __call__(self, credential: str, actor: Actor) -> bool:
        """Tell whether it was one of our keys, which now is good for nothing."""
        presented = parse(credential)
        if presented is None:
            return False
        async with self.work.look() as work:
            standing = await work.api_keys.standing(presented.public)
        is_right = is_proved(self.keyring, presented, standing.secret if standing else None)
        if standing is None or not is_right:
            return False
        now = self.clock.now()
        async with self.work.change() as work:
            key = await work.api_keys.get(standing.key.id)  # held: nobody regenerates it meanwhile
            standing = await work.api_keys.standing(presented.public)
            if key is None or standing is None or not standing.secret.is_live(now):
                return True  # a secret that was replaced and has ended: its key goes on
            if not key.is_revoked:
                await write(work, replace(key, revoked_at=now, revoked_reason=LEAKED), now)
                details = {"prefix": presented.prefix}
                await record(work, Action.KEY_LEAKED, key, now, actor, details)
                await publish(work, key, now)
        self.remembered.forget(standing.key.account_id)
        return True
