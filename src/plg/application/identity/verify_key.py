"""From an API key to a caller."""

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

from plg.application.identity.key_digests import is_proved, secret_of
from plg.application.plans.tariffs import TariffOf, under_tariff
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.api_keys import KeyWithAccount
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import InvalidCredential, StorageUnavailable
from plg.domain.identity.access import Caller, Scopes
from plg.domain.identity.api_key_format import PresentedKey, parse
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.networks import Network
from plg.domain.plans.tariffs import Tariff


@dataclass(frozen=True, slots=True)
class Verified:
    """
    Who a credential belongs to, and for how long that is certain.

    Attributes:
        valid_until: When it, or what its account may do, changes by itself; infinite for never.
        allowed_networks: Where else it may be used from; empty for anywhere.
        ends_at: When a key ends by itself; infinite where it does not.
    """

    caller: Caller
    account_id: str
    valid_until: float
    allowed_networks: tuple[Network, ...] = ()
    ends_at: float = float("inf")


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """
    Tells whose API key it is, in a fixed order of checks.

    Form, existence, enabled, expiry, address; scope and rate are for the route. A key that does
    not exist costs the same as one with a wrong secret.
    """

    work: UnitOfWorkPort
    keyring: Keyring
    clock: ClockPort
    tariff_of: TariffOf

    async def __call__(self, credential: bytes | str, address: str | None) -> Verified:
        """
        Return who asks.

        Raises:
            InvalidCredential: If the key is malformed, unknown, revoked, disabled or expired.
            ForbiddenNetwork: If it may not be used from this address.
            StorageUnavailable: If that cannot be found out.
        """
        presented = parse(credential)
        if presented is None:
            raise InvalidCredential(
                "The key is not complete, or has a typing error: check that it was copied whole."
            )
        now = self.clock.now()
        async with self.work.look() as work:
            standing = await work.api_keys.standing(presented.public)
            is_right = is_proved(self.keyring, presented, standing.secret if standing else None)
            if standing is None or not is_right:
                raise InvalidCredential(
                    "This gateway has no such key, or it was replaced: use one that it made."
                )
            key, secret, account = standing.key, standing.secret, standing.account
            key.check(secret, now, address, is_account_active=account.is_active)
            tariff = await self.tariff_of(work, account.id, now)
            is_bound = await work.fleets.is_bound(account.id)
        if secret.pepper_id != self.keyring.pepper_id:
            await self._renew(presented, standing)
        ends_at = key.valid_until(secret)
        return Verified(
            _caller(standing, tariff, is_bound=is_bound),
            account.id,
            min(ends_at, tariff.valid_until),
            key.allowed_networks,
            ends_at,
        )

    async def _renew(self, presented: PresentedKey, standing: KeyWithAccount) -> None:
        """Keep the digest under the current pepper; where that fails, the next use does it."""
        with suppress(StorageUnavailable):
            async with self.work.change() as work:
                await work.api_keys.get(
                    standing.key.id
                )  # held: nobody regenerates it until the end
                now_standing = await work.api_keys.standing(presented.public)
                if now_standing is None:
                    return
                secret = now_standing.secret
                renewed = secret_of(self.keyring, presented, secret.key_id, secret.created_at)
                await work.api_keys.replace_secret(replace(renewed, ends_at=secret.ends_at))


@lru_cache(maxsize=512)  # as many as there are: remembered callers need not hold one each
def _shared(scopes: Scopes) -> Scopes:
    return scopes


def _caller(standing: KeyWithAccount, tariff: Tariff, *, is_bound: bool) -> Caller:
    key, account = standing.key, standing.account
    caller = Caller(
        f"key:{key.id}",
        _shared(account.role.allowed(key.scopes)),  # with its account an admin's key loses it
        account_id=account.id,
        key_id=key.id,
        rates=key.rates,
        is_bound=is_bound,
    )
    return under_tariff(caller, tariff)
