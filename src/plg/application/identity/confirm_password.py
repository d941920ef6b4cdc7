"""Let the owner of a running session prove to be the owner of the account."""

from dataclasses import dataclass

from plg.application.identity.attempts import bear, confirmation_subject
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.passwords import PasswordHasherPort
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.errors import InvalidParameter
from plg.domain.identity.accounts import Account
from plg.domain.identity.lockouts import UNKNOWN_PLACE
from plg.domain.identity.passwords import normalized

PARAMETER = "current_password"


def wrong_password() -> InvalidParameter:
    """Return the failure; 401 would say that the session is over."""
    return InvalidParameter(PARAMETER, f"{PARAMETER} is not the password of the account.")


@dataclass(frozen=True, slots=True)
class ConfirmPassword:
    """Check the current password; a stolen token shall not do for guessing it."""

    work: UnitOfWorkPort
    hasher: PasswordHasherPort
    clock: ClockPort

    async def __call__(self, account: Account, password: str) -> None:
        """
        Return where it is the password.

        Raises:
            InvalidParameter: If it is not.
            TooManyAttempts: If too many were wrong before.
            Busy: If too many passwords wait to be checked.
        """
        async with self.work.change() as work:
            subject = confirmation_subject(account.id)
            await bear(work, subject, UNKNOWN_PLACE, self.clock.now())
        if not await self.hasher.verify(account.password_hash, normalized(password)):
            raise wrong_password()

    @staticmethod
    async def still_holds(work: Work, account: Account) -> Account:
        """
        Return the account as it is in this change, and forget the failures.

        Raises:
            InvalidParameter: If its password has been changed since.
        """
        current = await work.accounts.get(account.id)
        if current is None or current.password_hash != account.password_hash:
            raise wrong_password()
        await work.attempts.clear(confirmation_subject(account.id))
        return current
