"""Where sessions are kept."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from plg.domain.devices.devices import Device
from plg.domain.identity.access import Scopes
from plg.domain.identity.accounts import Account
from plg.domain.identity.sessions import Session


@dataclass(frozen=True, slots=True)
class SessionWithAccount:
    """All that decides whether a session continues; `device` where one began it."""

    session: Session
    account: Account
    device: Device | None

    def is_good(self, now: float) -> bool:
        """Tell whether it continues: nobody ended it, nor its account, nor its device."""
        if not self.session.is_live(now) or not self.account.is_active:
            return False
        if self.session.device_id is None:
            return True
        return self.device is not None and self.device.revoked_at is None

    @property
    def scopes(self) -> Scopes:
        """What it may do: what it was opened for, as far as account and device still may."""
        allowed = self.account.role.allowed(self.session.scopes)
        return allowed if self.device is None else allowed & self.device.scopes


class SessionsPort(Protocol):
    """Sessions, within one transaction. Every method may raise StorageUnavailable."""

    @abstractmethod
    async def add(self, session: Session) -> None:
        """Add a session."""

    @abstractmethod
    async def standing(self, session_id: str) -> SessionWithAccount | None:
        """Return the session with its account and device, or None."""

    @abstractmethod
    async def advance(self, session: Session) -> bool:
        """
        Write generation, digest, rotation and expiry of the session if it is one generation behind.

        Returns False where it has ended, or somebody else was first.
        """

    @abstractmethod
    async def end(self, session_id: str, reason: str, now: float) -> bool:
        """End the session; return False where it had ended already, or there is none."""

    @abstractmethod
    async def end_all(
        self, account_id: str, reason: str, now: float, *, device_id: str | None = None
    ) -> int:
        """End every session of the account, or only those of a device; return how many."""

    @abstractmethod
    async def prune(self, before: float, *, limit: int) -> int:
        """Remove sessions that expired or ended before the instant; return how many."""
