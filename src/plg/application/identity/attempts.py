"""Attempts to log in: counted before they are checked, so that parallel guesses are."""

import math
from dataclasses import dataclass
from typing import Final

from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.errors import TooManyAttempts
from plg.domain.identity.accounts import Account, Email
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.lockouts import (
    KNOWN_PLACE,
    UNKNOWN_PLACE,
    WHOLE_ADDRESS,
    Patience,
    place_of,
)

DIGEST_PURPOSE: Final = "login-email"
NEVER_SECONDS: Final = 86400.0
"""What is told instead of for ever."""


def account_subject(account_id: str) -> str:
    """Return what failures from all places are counted under where the account never was."""
    return f"account:{account_id}"


def place_subject(account_id: str, place: str) -> str:
    """Return what failures from a place are counted under where the account was before."""
    return f"place:{account_id}@{place}"


def confirmation_subject(account_id: str) -> str:
    """Return what failures to confirm the password of a running session are counted under."""
    return f"confirm:{account_id}"


def mail_subject(account_id: str) -> str:
    """Return what mail that was asked for is counted under."""
    return f"mail:{account_id}"


async def bear(work: Work, subject: str, patience: Patience, now: float) -> None:
    """
    Count one more attempt, which is none yet: who raises inside the change undoes it.

    Raises:
        TooManyAttempts: If the subject has to wait.
    """
    wait = patience.wait_seconds(await work.attempts.count_up(subject, now), now)
    if wait == math.inf:
        raise TooManyAttempts(
            "Too many attempts failed: only a link that is mailed opens a way in from here.",
            retry_after=NEVER_SECONDS,
        )
    if wait > 0:
        raise TooManyAttempts("Too many attempts failed.", retry_after=wait)


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    An attempt to log in that was counted as if it had failed.

    Attributes:
        account: Whose address it names; None where there is no such account.
        subject: What it was counted under besides its address.
    """

    account: Account | None
    subject: str
    place: str

    @property
    def target(self) -> str:
        """What the audit log names."""
        return self.subject if self.account is None else f"account:{self.account.id}"


@dataclass(frozen=True, slots=True)
class Attempts:
    """Counts attempts under the account, or its place, and under the client's address."""

    work: UnitOfWorkPort
    keyring: Keyring
    clock: ClockPort

    async def begin(self, email: Email, address: str | None) -> Attempt:
        """
        Count an attempt; one that is refused does not count.

        An address without an account is counted in the same manner as one with an account.

        Raises:
            TooManyAttempts: If there were too many, whether there is such an account or not.
        """
        now, place = self.clock.now(), place_of(address)
        async with self.work.change() as work:
            account = await work.accounts.find(email)
            owner = "" if account is None else account.id
            patience, subject = UNKNOWN_PLACE, account_subject(owner)
            if await work.attempts.is_known_place(owner, place):
                patience, subject = KNOWN_PLACE, place_subject(owner, place)
            if account is None:
                digest = self.keyring.digest(DIGEST_PURPOSE, email.key.encode())
                subject = f"email:{digest.hex()}"
            await bear(work, subject, patience, now)
            await bear(work, _address_subject(place), WHOLE_ADDRESS, now)
        return Attempt(account, subject, place)

    @staticmethod
    async def succeed(work: Work, attempt: Attempt) -> None:
        """Forget the failures that the attempt was counted with."""
        await work.attempts.clear(attempt.subject)
        await work.attempts.clear(_address_subject(attempt.place))


def _address_subject(place: str) -> str:
    return f"ip:{place}"
