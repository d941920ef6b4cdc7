"""API keys in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from plg.application.ports.identity.api_keys import ApiKeysPort, KeyUse, KeyWithAccount
from plg.domain.identity.api_keys import ApiKey, KeySecret
from plg.domain.identity.sealed_secrets import SealedUnderOldSecret
from tests.fakes.memory_tables import Twin


class MemoryApiKeys(Twin, ApiKeysPort):
    """Keys and their secrets in dicts."""

    async def add(self, key: ApiKey, secret: KeySecret) -> None:
        self._written.api_keys[key.id] = key
        await self.add_secret(secret)

    async def get(self, key_id: str) -> ApiKey | None:
        return self._read.api_keys.get(key_id)

    async def replace(self, key: ApiKey) -> None:
        held = self._written.api_keys.get(key.id)
        if held is not None:
            self._written.api_keys[key.id] = replace(
                key, last_used_at=held.last_used_at, last_used_address=held.last_used_address
            )

    async def page(
        self, account_id: str, *, after: str | None, limit: int, search: str | None = None
    ) -> list[ApiKey]:
        held = self._read.api_keys
        ids = [key_id for key_id in sorted(held) if key_id > (after or "")]
        mine = [held[each] for each in ids if held[each].account_id == account_id]
        wanted = (search or "").lower()
        return [key for key in mine if wanted in f"{key.name}\n{key.prefix}".lower()][:limit]

    async def count(self, account_id: str) -> int:
        held = self._read.api_keys.values()
        return sum(key.account_id == account_id and key.revoked_at is None for key in held)

    async def standing(self, public: str) -> KeyWithAccount | None:
        secret = self._read.secrets.get(public)
        key = self._read.api_keys.get(secret.key_id) if secret else None
        account = self._read.accounts.get(key.account_id) if key else None
        if secret is None or key is None or account is None:
            return None
        return KeyWithAccount(key, secret, account)

    async def secrets(self, key_id: str) -> list[KeySecret]:
        held = [secret for secret in self._read.secrets.values() if secret.key_id == key_id]
        return sorted(held, key=lambda secret: (secret.created_at, secret.public))

    async def add_secret(self, secret: KeySecret) -> None:
        self._written.secrets[secret.public] = secret

    async def replace_secret(self, secret: KeySecret) -> None:
        held = self._written.secrets.get(secret.public)
        if held is not None:
            self._written.secrets[secret.public] = replace(
                held, pepper_id=secret.pepper_id, digest=secret.digest, ends_at=secret.ends_at
            )

    async def drop_secret(self, public: str) -> None:
        self._written.secrets.pop(public, None)

    async def left_behind(self, pepper_ids: Sequence[str], now: float) -> SealedUnderOldSecret:
        found = {
            secret.key_id
            for secret in self._read.secrets.values()
            if secret.pepper_id not in pepper_ids and secret.is_live(now)
        }
        keys = [self._read.api_keys[each] for each in found]
        good = [
            key
            for key in keys
            if not key.is_revoked and (key.expires_at is None or now < key.expires_at)
        ]
        uses = [key.last_used_at for key in good if key.last_used_at is not None]
        return SealedUnderOldSecret(len(good), max(uses, default=None))

    async def note_uses(self, uses: Iterable[KeyUse]) -> None:
        held = self._written.api_keys
        for use in uses:
            key = held.get(use.key_id)
            if key is not None and (key.last_used_at is None or key.last_used_at < use.at):
                held[key.id] = replace(key, last_used_at=use.at, last_used_address=use.address)
