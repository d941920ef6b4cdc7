"""Give a key a new secret."""

from dataclasses import dataclass, replace

from plg.application.audited_change import AuditedChange
from plg.application.identity.changing_keys import grant_of, own_live_key, write
from plg.application.identity.issue_key import IssuedKey
from plg.application.identity.key_digests import secret_of
from plg.application.ports.work import Work
from plg.domain.audit import Action, Actor
from plg.domain.identity.access import ONLY_BUILT_IN, Caller, ScopeCatalogue
from plg.domain.identity.api_key_fields import GRACE_SECONDS, grace_of
from plg.domain.identity.api_key_format import new_secret
from plg.domain.identity.keyring import Keyring


@dataclass(frozen=True, slots=True)
class RegenerateKey:
    """
    Replace the secret of a key of the caller's account; id, history and fields stay.

    The secret that was newest lives on for a grace, so that clients can change over; one that
    was in its grace already ends at once: at most two live.
    """

    changes: AuditedChange
    keyring: Keyring
    catalogue: ScopeCatalogue = ONLY_BUILT_IN

    async def __call__(
        self, key_id: str, caller: Caller, actor: Actor, *, grace_seconds: int = GRACE_SECONDS
    ) -> IssuedKey:
        """
        Return the key with its new secret.

        Raises:
            InvalidParameter: If there is no such grace, or the key reaches further than the one
                the caller uses, who would get it that way.
            InsufficientScope: If the key has a scope that the caller lacks, for the same reason.
            NotFound: If there is none, or it is another account's.
            KeyRevoked: If it was revoked.
        """
        grace = grace_of(grace_seconds)
        secret = new_secret()
        async with self.changes(actor) as change:
            work, now = change.work, change.now
            grant = await grant_of(work, caller, self.catalogue)
            before = await own_live_key(work, key_id, caller)
            grant.check(before)
            await _retire(work, key_id, now, grace)
            await work.api_keys.add_secret(secret_of(self.keyring, secret, key_id, now))
            details = {"prefix": secret.prefix, "grace_seconds": str(grace)}
            renewed = replace(before, prefix=secret.prefix)
            key = await write(change, renewed, Action.KEY_REGENERATED, details)
        return IssuedKey(key, secret)


async def _retire(work: Work, key_id: str, now: float, grace: int) -> None:
    for secret in await work.api_keys.secrets(key_id):
        if secret.ends_at is None and grace:
            await work.api_keys.replace_secret(replace(secret, ends_at=now + grace))
        else:
            await work.api_keys.drop_secret(secret.public)
