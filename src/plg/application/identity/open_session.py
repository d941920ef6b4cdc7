"""Begin a session for who has just proved to be somebody."""

from dataclasses import dataclass

from plg.application.identity.token_maker import TokenMaker
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.sessions import SessionWithAccount
from plg.application.ports.work import Work
from plg.domain.devices.devices import Device
from plg.domain.identity.access import Scopes
from plg.domain.identity.accounts import Account
from plg.domain.identity.sessions import Session, Tokens
from plg.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Adds a session within the transaction that proved the client, and returns its tokens."""

    maker: TokenMaker
    clock: ClockPort

    async def __call__(
        self, work: Work, account: Account, scopes: Scopes, *, device: Device | None = None
    ) -> Tokens:
        """
        Return the first pair of tokens; what account and device may not do is left out.

        The caller has read the account in this transaction, so that it cannot change until the end.

        Raises:
            StorageUnavailable: If the database fails, or there is no key to sign with.
        """
        now = self.clock.now()
        session_id = new_id(now)
        token, digest = self.maker.refresh_token(session_id, 0)
        session = Session(
            id=session_id,
            account_id=account.id,
            scopes=scopes,
            created_at=now,
            expires_at=now + self.maker.life.refresh_seconds,
            digest=digest,
            rotated_at=now,
            device_id=None if device is None else device.id,
        )
        await work.sessions.add(session)
        return self.maker.pair(SessionWithAccount(session, account, device), token, now)
