"""Change one's own password."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.identity import mail_templates as templates
from plg.application.identity.confirm_password import ConfirmPassword
from plg.application.identity.set_password import set_password
from plg.application.identity.show_account import ShowAccount
from plg.application.ports.identity.passwords import PasswordHasherPort
from plg.application.ports.notices.mail import MailPort
from plg.domain.audit import Action, Actor
from plg.domain.identity.passwords import check_password, normalized


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Set a new password for who knows the current one; every session ends, this one too."""

    changes: AuditedChange
    show_account: ShowAccount
    confirm: ConfirmPassword
    hasher: PasswordHasherPort
    mail: MailPort

    async def __call__(self, account_id: str, current: str, password: str, actor: Actor) -> None:
        """
        Change the password.

        Raises:
            NotFound: If there is no such account.
            InvalidParameter: If `current` is not the password.
            TooManyAttempts: If too many were wrong before.
            WeakPassword: If the new one would be guessed.
            Busy: If too many passwords wait to be checked.
        """
        account = await self.show_account(account_id)
        check_password(password, account.email, account.name)
        await self.confirm(account, current)
        password_hash = await self.hasher.hash(normalized(password))
        async with self.changes(actor) as change:
            held = await self.confirm.still_holds(change.work, account)
            await set_password(change, held, password_hash, Action.PASSWORD_CHANGED)
        self.mail.send(templates.password_changed(account.email))
