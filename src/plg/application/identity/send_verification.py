"""Let the link that verifies an address be mailed again."""

from dataclasses import dataclass

from plg.application.identity import mail_templates as templates
from plg.application.identity.attempts import bear, mail_subject
from plg.application.identity.mailed_links import VERIFY_SECONDS, Links
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.mailed_links import Purpose
from plg.application.ports.notices.mail import MailPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import NotFound
from plg.domain.identity.lockouts import KNOWN_PLACE


@dataclass(frozen=True, slots=True)
class SendVerification:
    """Mail a new link to an account whose address is not verified yet."""

    work: UnitOfWorkPort
    links: Links
    mail: MailPort
    clock: ClockPort

    async def __call__(self, account_id: str) -> None:
        """
        Mail it; nothing happens where the address is verified.

        Raises:
            NotFound: If there is no such account.
            TooManyAttempts: If it was asked for too often.
        """
        now = self.clock.now()
        async with self.work.change() as work:
            account = await work.accounts.get(account_id)
            if account is None:
                raise NotFound("There is no account with this id.")
            if account.is_verified:
                return
            await bear(work, mail_subject(account.id), KNOWN_PLACE, now)
            token = await self.links.issue(
                work, account, Purpose.VERIFY_EMAIL, now + VERIFY_SECONDS
            )
        self.mail.send(templates.verification(self.links, account.email, token))
