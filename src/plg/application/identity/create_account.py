"""Make an account, as the operator does."""

from dataclasses import dataclass, replace

from plg.application.audited_change import AuditedChange
from plg.application.identity.mailed_links import INVITATION_SECONDS, Links
from plg.application.identity.new_account import new_account, parse_name
from plg.application.ports.identity.mailed_links import Purpose
from plg.application.ports.identity.passwords import PasswordHasherPort
from plg.domain.audit import Action, Actor
from plg.domain.identity.accounts import Account, Email, Role
from plg.domain.identity.passwords import check_password, normalized


@dataclass(frozen=True, slots=True)
class Invitation:
    """
    A new account.

    Attributes:
        url: Where its owner sets a password; None where it was made with one.
    """

    account: Account
    url: str | None


@dataclass(frozen=True, slots=True)
class CreateAccount:
    """Make an account of any role; the operator vouches for its address."""

    changes: AuditedChange
    hasher: PasswordHasherPort
    links: Links

    async def __call__(
        self, email: Email, name: str | None, role: Role, password: str | None, actor: Actor
    ) -> Invitation:
        """
        Return the new account, without a password with the link to set one.

        Raises:
            WeakPassword: If the password would be guessed.
            EmailTaken: If another account has the address.
        """
        account = new_account(
            email, parse_name(name), role, self.changes.clock.now(), is_verified=True
        )
        if password is not None:
            check_password(password, email, account.name)
            account = replace(account, password_hash=await self.hasher.hash(normalized(password)))
        url = None
        async with self.changes(actor) as change:
            work = change.work
            await work.accounts.add(account)
            if password is None:
                expires_at = change.now + INVITATION_SECONDS
                token = await self.links.issue(work, account, Purpose.RESET_PASSWORD, expires_at)
                url = self.links.url(Purpose.RESET_PASSWORD, token)
            details = {"role": role.value}
            await change.record(Action.ACCOUNT_CREATED, f"account:{account.id}", details)
        return Invitation(account, url)
