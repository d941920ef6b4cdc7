"""Log in."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from plg.application.audited_change import AuditedChange, Change
from plg.application.identity.attempts import Attempt, Attempts
from plg.application.identity.open_session import OpenSession
from plg.application.ports.identity.passwords import PasswordHasherPort
from plg.domain.audit import Action, Actor
from plg.domain.errors import AccountInactive, Busy, EmailUnverified, Forbidden, InvalidLogin
from plg.domain.identity.access import ONLY_BUILT_IN, ScopeCatalogue
from plg.domain.identity.accounts import Account, Email
from plg.domain.identity.passwords import normalized
from plg.domain.identity.sessions import Tokens

WRONG: Final = "There is no account with this address and password."


@dataclass(frozen=True, slots=True)
class LogIn:
    """
    Begin a session for who knows the password of an account.

    Whether there is such an account is told neither by the answer nor by the work: one attempt
    counted, one password checked, one audit record.
    """

    changes: AuditedChange
    attempts: Attempts
    hasher: PasswordHasherPort
    open_session: OpenSession
    needs_verified_email: bool = False
    catalogue: ScopeCatalogue = ONLY_BUILT_IN

    async def __call__(self, email: Email, password: str, actor: Actor) -> Tokens:
        """
        Return the tokens of a new session.

        Raises:
            InvalidLogin: If there is no account with this address and password.
            AccountInactive: If the password is right, but the account was deactivated.
            EmailUnverified: If it is right, but the address must be verified first.
            TooManyAttempts: If too many failed before.
            Busy: If too many passwords wait to be checked.
        """
        attempt = await self.attempts.begin(email, actor.address)
        account = attempt.account
        given = normalized(password)
        known_hash = None if account is None else account.password_hash
        if not await self.hasher.verify(known_hash, given) or account is None:
            async with self.changes(actor) as change:
                await change.record(Action.LOGIN_FAILED, attempt.target)
            raise InvalidLogin(WRONG)
        renewed = await self._renewed(known_hash, given)
        async with self.changes(actor) as change:
            outcome = await self._enter(change, attempt, renewed)
        if isinstance(outcome, Forbidden):
            raise outcome
        return outcome

    async def _enter(
        self, change: Change, attempt: Attempt, renewed: str | None
    ) -> Tokens | Forbidden:
        """Go in, where the account is still as it was when its password was checked."""
        work, checked = change.work, attempt.account
        account = None if checked is None else await work.accounts.get(checked.id)
        if checked is None or account is None or account.password_hash != checked.password_hash:
            raise InvalidLogin(WRONG)
        await self.attempts.succeed(work, attempt)
        refusal = self._refusal(account)
        if refusal is not None:
            await change.record(Action.LOGIN_FAILED, attempt.target, {"reason": refusal.code})
            return refusal
        entered = replace(
            account, last_login_at=change.now, password_hash=renewed or account.password_hash
        )
        await work.accounts.replace(entered)
        await work.attempts.add_known_place(account.id, attempt.place, change.now)
        owner = replace(change.actor, id=f"account:{account.id}", account_id=account.id)
        await change.record(Action.LOGGED_IN, attempt.target, actor=owner)
        scopes = entered.role.scopes | self.catalogue.declared
        return await self.open_session(work, entered, scopes)

    def _refusal(self, account: Account) -> Forbidden | None:
        if not account.is_active:
            return AccountInactive("The account was deactivated.")
        if self.needs_verified_email and not account.is_verified:
            return EmailUnverified("The account's address must be verified first.")
        return None

    async def _renewed(self, known_hash: str | None, password: str) -> str | None:
        """Return a hash with today's parameters, where the one that is kept has others."""
        if known_hash is not None and self.hasher.is_outdated(known_hash):
            with suppress(Busy):  # the next log-in will do
                return await self.hasher.hash(password)
        return None
