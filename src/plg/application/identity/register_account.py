"""Register an account."""

from dataclasses import dataclass, replace

from plg.application.identity import mail_templates as templates
from plg.application.identity.mailed_links import VERIFY_SECONDS, Links
from plg.application.identity.new_account import new_account, parse_name
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.mailed_links import Purpose
from plg.application.ports.identity.passwords import PasswordHasherPort
from plg.application.ports.notices.mail import MailPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.errors import RegistrationClosed
from plg.domain.identity.accounts import Account, Email, Role
from plg.domain.identity.passwords import check_password, normalized
from plg.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class RegisterAccount:
    """Make an account for anybody who asks, where the operator allows it."""

    work: UnitOfWorkPort
    hasher: PasswordHasherPort
    links: Links
    mail: MailPort
    clock: ClockPort
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
        now = self.clock.now()
        account = replace(
            new_account(email, called, Role.USER, now, is_verified=False),
            password_hash=password_hash,
        )
        async with self.work.change() as work:
            await work.accounts.add(account)
            token = await self.links.issue(
                work, account, Purpose.VERIFY_EMAIL, now + VERIFY_SECONDS
            )
            target = f"account:{account.id}"
            await work.audit.record(
                AuditRecord(new_id(now), now, actor, Action.ACCOUNT_REGISTERED, target)
            )
        self.mail.send(templates.verification(self.links, email, token))
        return account
