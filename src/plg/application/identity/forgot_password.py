"""Let a link be mailed that sets a new password."""

from contextlib import suppress
from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.identity import mail_templates as templates
from plg.application.identity.attempts import bear, mail_subject
from plg.application.identity.background_tasks import BackgroundTasks
from plg.application.identity.mailed_links import RESET_SECONDS, Links
from plg.application.ports.identity.mailed_links import Purpose
from plg.application.ports.notices.mail import Mail, MailPort
from plg.domain.audit import Action, Actor
from plg.domain.errors import TooManyAttempts
from plg.domain.identity.accounts import Email
from plg.domain.identity.lockouts import KNOWN_PLACE


@dataclass(frozen=True, slots=True)
class ForgotPassword:
    """
    Mail a link to the account with an address, if there is one.

    All of it happens after the answer, which so tells nothing, nor does its time. Who asks again
    and again for the same account gets fewer and fewer letters out of it.
    """

    changes: AuditedChange
    links: Links
    mail: MailPort
    behind: BackgroundTasks

    def __call__(self, email: Email, actor: Actor) -> None:
        """
        Begin.

        Raises:
            Busy: If too much mail is being made ready.
        """

        async def write() -> None:
            with suppress(TooManyAttempts):
                letter = await self._letter(email, actor)
                if letter is not None:
                    self.mail.send(letter)

        self.behind.start("mail_password_reset", write)

    async def _letter(self, email: Email, actor: Actor) -> Mail | None:
        async with self.changes(actor) as change:
            work, now = change.work, change.now
            account = await work.accounts.find(email)
            if account is None or not account.is_active:
                return None
            await bear(work, mail_subject(account.id), KNOWN_PLACE, now)
            token = await self.links.issue(
                work, account, Purpose.RESET_PASSWORD, now + RESET_SECONDS
            )
            await change.record(Action.PASSWORD_FORGOTTEN, f"account:{account.id}")
        return templates.password_reset(self.links, account.email, token)
