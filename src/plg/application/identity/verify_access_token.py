"""From an access token to a caller."""

import asyncio
from typing import Final

from plg.application.identity.signing_keys import LoadSigningKeys
from plg.application.plans.tariffs import TariffOf, under_tariff
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.access_tokens import AccessTokensPort, Claims
from plg.application.ports.identity.sessions import SessionWithAccount
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import InvalidCredential
from plg.domain.identity.access import Caller

RELOAD_SECONDS: Final = 5


class VerifyAccessToken:
    """
    Tells who an access token belongs to: its session must go on.

    A token that names a key unknown to this process makes it read the keys again, at most once
    in some seconds: anybody can name a key.
    """

    def __init__(
        self,
        work: UnitOfWorkPort,
        access_tokens: AccessTokensPort,
        load_keys: LoadSigningKeys,
        clock: ClockPort,
        tariff_of: TariffOf,
    ) -> None:
        self._work = work
        self._access_tokens = access_tokens
        self._load_keys = load_keys
        self._clock = clock
        self._tariff_of = tariff_of
        self._turns = asyncio.Lock()
        self._reloaded_at: float | None = None

    async def __call__(self, token: str) -> tuple[Caller, float]:
        """
        Return the caller, and until when that may be remembered.

        Raises:
            InvalidCredential: If it is malformed, forged, expired, or its session has ended.
            StorageUnavailable: If the database fails.
        """
        claims, standing = await self.standing(token)
        session = standing.session
        is_device = session.device_id is not None
        async with self._work.look() as work:
            tariff = await self._tariff_of(work, standing.account.id, self._clock.now())
            is_bound = await work.fleets.is_bound(standing.account.id)
        caller = Caller(
            id=f"device:{session.device_id}" if is_device else f"account:{standing.account.id}",
            scopes=claims.scopes & standing.scopes,
            account_id=standing.account.id,
            device_id=session.device_id,
            session_id=session.id,
            is_bound=is_bound,
        )
        until = min(float(claims.expires_at), session.expires_at, tariff.valid_until)
        return under_tariff(caller, tariff), until

    async def standing(self, token: str) -> tuple[Claims, SessionWithAccount]:
        """
        Return what a valid token says, and its session, which continues.

        Raises:
            InvalidCredential: As above.
            StorageUnavailable: As above.
        """
        claims = await self._claims(token)
        async with self._work.look() as work:
            standing = await work.sessions.standing(claims.session_id)
        if standing is None or not standing.is_good(self._clock.now()):
            raise InvalidCredential("The session of the access token has ended.")
        if standing.account.id != claims.subject:
            raise InvalidCredential("The access token and its session contradict each other.")
        return claims, standing

    async def _claims(self, token: str) -> Claims:
        claims = self._access_tokens.read(token, self._clock.now())
        if claims is None:
            # In turns, so that who comes while the keys are read finds them.
            async with self._turns:
                claims = await self._claims_by_new_key(token)
        if claims is None:
            raise InvalidCredential("The access token names a key that is none of ours.")
        return claims

    async def _claims_by_new_key(self, token: str) -> Claims | None:
        claims = self._access_tokens.read(token, self._clock.now())
        now = self._clock.monotonic()
        is_early = self._reloaded_at is not None and now - self._reloaded_at < RELOAD_SECONDS
        if claims is not None or is_early:
            return claims
        self._reloaded_at = now
        await self._load_keys()
        return self._access_tokens.read(token, self._clock.now())
