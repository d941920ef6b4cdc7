"""The keys that sign access tokens, from the next one to those that signed."""

import asyncio
from dataclasses import dataclass, replace
from typing import Final

from plg.application.audited_change import AuditedChange
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.access_tokens import AccessTokensPort
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.audit import Action, Actor
from plg.domain.errors import SealBroken
from plg.domain.identity.sessions import TokenLife
from plg.domain.identity.signing_keys import SigningKey

GRACE_SECONDS: Final = 3600
"""How long a process may sign with a retired key, because it could not read of the change."""


@dataclass(frozen=True, slots=True)
class LoadSigningKeys:
    """Reads all keys: at the start, and when another process changed them."""

    work: UnitOfWorkPort
    access_tokens: AccessTokensPort

    async def __call__(self) -> None:
        async with self.work.look() as work:
            keys = await work.signing_keys.all()
        self.access_tokens.use(keys)


@dataclass(frozen=True, slots=True)
class EnsureSigningKeys:
    """
    Sees to it that one key signs and one comes next, sealed under the current secret.

    Of several processes that start at once, one makes them and all have the same.
    """

    work: UnitOfWorkPort
    access_tokens: AccessTokensPort
    clock: ClockPort

    async def __call__(self) -> None:
        """
        Make or reseal what must be, and use all.

        Raises:
            SealBroken: If a key was sealed under a secret that is not set any more.
            StorageUnavailable: If the database fails.
        """
        async with self.work.look() as work:
            keys = await work.signing_keys.all()
        lacking = (_active(keys) is None) + (_next(keys) is None)
        spares = await _made(self.access_tokens, self.clock, lacking)
        try:
            if spares or any(self.access_tokens.resealed(key) is not key for key in _in_use(keys)):
                async with self.work.change() as work:
                    await self._complete(work, spares)
                    keys = await work.signing_keys.all()
        except SealBroken as error:
            raise SealBroken(f"{error}, or run plg keys rotate-signing for new keys") from error
        self.access_tokens.use(keys)

    async def _complete(self, work: Work, spares: list[SigningKey]) -> None:
        keys = await work.signing_keys.all()
        for key in _in_use(keys):
            await work.signing_keys.replace(self.access_tokens.resealed(key))
        if spares and _active(keys) is None:
            first = replace(spares.pop(), active_at=self.clock.now())
            await work.signing_keys.add(first)
        if spares and _next(keys) is None:
            await work.signing_keys.add(spares.pop())


@dataclass(frozen=True, slots=True)
class RotateSigningKeys:
    """
    Lets the next key sign, and publishes one more; what was signed stays valid.

    A next key that cannot be unsealed any more makes way for a new one. Where the private keys
    may be in the wrong hands all of them are forgotten, and with them whatever they signed.
    """

    changes: AuditedChange
    access_tokens: AccessTokensPort
    life: TokenLife

    async def __call__(self, actor: Actor, *, forget: bool = False) -> list[SigningKey]:
        """
        Return all keys as they are then; with `forget` none of those before is among them.

        Raises:
            StorageUnavailable: If the database fails; then nothing changed.
        """
        # Two, as the next key may turn out to be missing or useless only in the transaction.
        spares = await _made(self.access_tokens, self.changes.clock, 2)
        async with self.changes(actor) as change:
            await self._rotate(change.work, spares, change.now, forget=forget)
            keys = await change.work.signing_keys.all()
            active = _active(keys)
            target = f"signing_key:{active.id if active else None}"
            details = {"forgotten": str(forget).lower()}
            await change.record(Action.SIGNING_KEYS_ROTATED, target, details)
            await change.outdate(None)
        self.access_tokens.use(keys)
        return keys

    async def _rotate(
        self, work: Work, spares: list[SigningKey], now: float, *, forget: bool
    ) -> None:
        for key in await work.signing_keys.all():
            if forget:
                await work.signing_keys.remove(key.id)
            else:
                await self._move_on(work, key, now)
        if _active(await work.signing_keys.all()) is None:
            await work.signing_keys.add(replace(spares.pop(), active_at=now))
        await work.signing_keys.add(spares.pop())

    async def _move_on(self, work: Work, key: SigningKey, now: float) -> None:
        if key.retired_at is not None:
            if key.retired_at + self.life.access_seconds + GRACE_SECONDS <= now:
                await work.signing_keys.remove(key.id)
        elif key.active_at is not None:
            await work.signing_keys.replace(replace(key, retired_at=now))
        elif self._opens(key):
            await work.signing_keys.replace(replace(key, active_at=now))
        else:
            await work.signing_keys.remove(key.id)

    def _opens(self, key: SigningKey) -> bool:
        try:
            self.access_tokens.resealed(key)
        except SealBroken:
            return False
        return True


async def _made(access_tokens: AccessTokensPort, clock: ClockPort, count: int) -> list[SigningKey]:
    """Make keys off the event loop and outside of any transaction, which may not last so long."""
    now = clock.now()
    return [await asyncio.to_thread(access_tokens.new_key, now) for _ in range(count)]


def _in_use(keys: list[SigningKey]) -> list[SigningKey]:
    return [key for key in keys if key.retired_at is None]


def _active(keys: list[SigningKey]) -> SigningKey | None:
    return next((key for key in _in_use(keys) if key.active_at is not None), None)


def _next(keys: list[SigningKey]) -> SigningKey | None:
    return next((key for key in _in_use(keys) if key.active_at is None), None)
