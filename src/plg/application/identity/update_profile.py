"""Change one's own profile."""

from dataclasses import dataclass, replace

from plg.application.audited_change import AuditedChange, Change
from plg.application.identity import mail_templates as templates
from plg.application.identity.confirm_password import ConfirmPassword
from plg.application.identity.mailed_links import VERIFY_SECONDS, Links
from plg.application.identity.new_account import parse_name
from plg.application.identity.show_account import ShowAccount
from plg.application.ports.identity.mailed_links import Purpose
from plg.application.ports.notices.mail import MailPort
from plg.domain.audit import Action, Actor
from plg.domain.errors import InvalidParameter
from plg.domain.identity.accounts import Account, Email


@dataclass(frozen=True, slots=True)
class Profile:
    """
    What is to be changed; None where it stays.

    Attributes:
        name: Empty to have none.
        current_password: Needed for another address.
    """

    name: str | None = None
    email: Email | None = None
    current_password: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateProfile:
    """Change the name, or the address, which is unverified until its link comes back."""

    changes: AuditedChange
    show_account: ShowAccount
    confirm: ConfirmPassword
    links: Links
    mail: MailPort

    async def __call__(self, account_id: str, wanted: Profile, actor: Actor) -> Account:
        """
        Return the account as it is then.

        Raises:
            NotFound: If there is no such account.
            InvalidParameter: If the name cannot be one, or another address is wanted without the
                right password.
            EmailTaken: If another account has the address.
            TooManyAttempts: If too many passwords were wrong before.
        """
        account = await self.show_account(account_id)
        if wanted.email is None or wanted.email == account.email:
            return await self._rename(account, wanted.name, actor)
        if wanted.current_password is None:
            raise InvalidParameter(
                "current_password", "current_password is needed for another address."
            )
        await self.confirm(account, wanted.current_password)
        async with self.changes(actor) as change:
            work = change.work
            held = await self.confirm.still_holds(work, account)
            changed = replace(
                _named(held, wanted.name),
                email=wanted.email,
                is_verified=held.is_verified and wanted.email.key == held.email.key,
            )
            await _write(change, held, changed)
            await work.mailed_links.void(account_id)
            expires_at = change.now + VERIFY_SECONDS
            token = await self.links.issue(work, changed, Purpose.VERIFY_EMAIL, expires_at)
        if not changed.is_verified:
            self.mail.send(templates.verification(self.links, changed.email, token))
            self.mail.send(templates.email_changed(held.email))
        return changed

    async def _rename(self, shown: Account, name: str | None, actor: Actor) -> Account:
        async with self.changes(actor) as change:
            account = await change.work.accounts.get(shown.id) or shown
            renamed = _named(account, name)
            if renamed != account:
                await _write(change, account, renamed)
        return renamed


async def _write(change: Change, before: Account, after: Account) -> None:
    changed = [name for name in ("name", "email") if getattr(before, name) != getattr(after, name)]
    await change.work.accounts.replace(after)
    details = {"changed": ", ".join(changed)}
    await change.record(Action.ACCOUNT_CHANGED, f"account:{after.id}", details)


def _named(account: Account, name: str | None) -> Account:
    return account if name is None else replace(account, name=parse_name(name))
