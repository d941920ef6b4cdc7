"""Register an account."""

from dataclasses import dataclass, replace

from plg.application.audited_change import AuditedChange
from plg.application.identity import mail_templates as templates
from plg.application.identity.mailed_links import VERIFY_SECONDS, Links
from plg.application.identity.new_account import new_account, parse_name
from plg.application.ports.identity.mailed_links import Purpose
from plg.application.ports.identity.passwords import PasswordHasherPort
from plg.application.ports.notices.mail import MailPort
from plg.domain.audit import Action, Actor
from plg.domain.errors import RegistrationClosed
from plg.domain.identity.accounts import Account, Email, Role
from plg.domain.identity.passwords import check_password, normalized


@dataclass(frozen=True, slots=True)
class RegisterAccount:
    """Make an account for anybody who asks, where the operator allows it."""

    changes: AuditedChange
    hasher: PasswordHasherPort
    links: Links
    mail: MailPort
    is_open: bool

    async def __call__(
        self, email: Email, password: str, name: str | None, actor: Actor
    ) -> Account:
        """
        Return the new account; a link to verify its address is mailed.

        Raises:
            RegistrationClosed: If only the operator makes accounts.
            WeakPassword: If the password would be guessed.
            EmailTaken: If another account has the address.
            Busy: If too many passwords wait to be hashed.
        """
        if not self.is_open:
            raise RegistrationClosed("Only the operator makes accounts here.")
        called = parse_name(name)
        check_password(password, email, called)
        password_hash = await self.hasher.hash(normalized(password))
        now = self.changes.clock.now()
        account = replace(
            new_account(email, called, Role.USER, now, is_verified=False),
            password_hash=password_hash,
        )
        async with self.changes(actor) as change:
            await change.work.accounts.add(account)
            expires_at = change.now + VERIFY_SECONDS
            token = await self.links.issue(change.work, account, Purpose.VERIFY_EMAIL, expires_at)
            await change.record(Action.ACCOUNT_REGISTERED, f"account:{account.id}")
        self.mail.send(templates.verification(self.links, email, token))
        return account
