"""Set a new password with a mailed link."""

from dataclasses import dataclass, replace

from plg.application.audited_change import AuditedChange
from plg.application.identity import mail_templates as templates
from plg.application.identity.attempts import (
    account_subject,
    confirmation_subject,
    mail_subject,
    place_subject,
)
from plg.application.identity.mailed_links import Links
from plg.application.identity.set_password import set_password
from plg.application.ports.identity.mailed_links import Purpose
from plg.application.ports.identity.passwords import PasswordHasherPort
from plg.application.ports.notices.mail import MailPort
from plg.application.ports.work import Work
from plg.domain.audit import Action, Actor
from plg.domain.errors import AccountInactive
from plg.domain.identity.accounts import Account
from plg.domain.identity.lockouts import place_of
from plg.domain.identity.passwords import check_password, normalized


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """
    Set a password for who got the link: the way in that is always open.

    It proves the address too, forgets what failed before, and remembers the place.
    """

    changes: AuditedChange
    links: Links
    hasher: PasswordHasherPort
    mail: MailPort

    async def __call__(self, token: str, password: str, actor: Actor) -> None:
        """
        Spend the link and set the password; a link is not spent on a password that is refused.

        Raises:
            WeakPassword: If the password would be guessed.
            InvalidLink: If the link was used, has expired, or is none of ours.
            AccountInactive: If the account was deactivated.
            Busy: If too many passwords wait to be hashed.
        """
        check_password(password)
        password_hash = await self.hasher.hash(normalized(password))
        async with self.changes(actor) as change:
            account = await self.links.spend(change.work, token, Purpose.RESET_PASSWORD, change.now)
            check_password(password, account.email, account.name)
            if not account.is_active:
                raise AccountInactive("The account was deactivated.")
            owner = replace(actor, id=f"account:{account.id}", account_id=account.id)
            verified = replace(account, is_verified=True)
            await set_password(change, verified, password_hash, Action.PASSWORD_RESET, owner)
            await self._open(change.work, account, place_of(actor.address), change.now)
        self.mail.send(templates.password_changed(account.email))

    @staticmethod
    async def _open(work: Work, account: Account, place: str, now: float) -> None:
        for subject in (
            account_subject(account.id),
            place_subject(account.id, place),
            confirmation_subject(account.id),
            mail_subject(account.id),
        ):
            await work.attempts.clear(subject)
        await work.attempts.add_known_place(account.id, place, now)
