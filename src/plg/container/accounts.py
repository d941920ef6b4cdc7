"""What may be done with accounts, put together; passwords and mail besides."""

from dataclasses import dataclass
from pathlib import Path

from plg.adapters.crypto.passwords import Argon2Hasher
from plg.adapters.mail.carrier import Carrier
from plg.adapters.mail.outbox import OutboxCarrier
from plg.adapters.mail.queued import QueuedMail
from plg.adapters.mail.smtp import SmtpCarrier
from plg.application.audited_change import AuditedChange
from plg.application.identity.attempts import Attempts
from plg.application.identity.background_tasks import BackgroundTasks
from plg.application.identity.change_account import ChangeAccount
from plg.application.identity.change_password import ChangePassword
from plg.application.identity.confirm_password import ConfirmPassword
from plg.application.identity.create_account import CreateAccount
from plg.application.identity.end_sessions import EndSessions
from plg.application.identity.forgot_password import ForgotPassword
from plg.application.identity.list_accounts import ListAccounts
from plg.application.identity.list_audit import ListAudit
from plg.application.identity.log_in import LogIn
from plg.application.identity.mailed_links import Links
from plg.application.identity.make_reset_link import MakeResetLink
from plg.application.identity.open_session import OpenSession
from plg.application.identity.register_account import RegisterAccount
from plg.application.identity.reset_password import ResetPassword
from plg.application.identity.send_verification import SendVerification
from plg.application.identity.show_account import ShowAccount
from plg.application.identity.update_profile import UpdateProfile
from plg.application.identity.verify_email import VerifyEmail
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.passwords import PasswordHasherPort
from plg.application.ports.notices.mail import MailPort
from plg.domain.identity.access import ScopeCatalogue
from plg.domain.identity.keyring import Keyring
from plg.settings import Settings
from plg.settings.concerns import AccountSettings, MailSettings


@dataclass(frozen=True, slots=True)
class AccountUseCases:
    """What accounts and those who run them may do."""

    show_account: ShowAccount
    list_accounts: ListAccounts
    list_audit: ListAudit
    register_account: RegisterAccount
    create_account: CreateAccount
    log_in: LogIn
    change_password: ChangePassword
    forgot_password: ForgotPassword
    reset_password: ResetPassword
    send_verification: SendVerification
    verify_email: VerifyEmail
    update_profile: UpdateProfile
    change_account: ChangeAccount
    end_sessions: EndSessions
    make_reset_link: MakeResetLink


def account_use_cases(  # noqa: PLR0913, PLR0917 - each part can be replaced by itself
    settings: Settings,
    changes: AuditedChange,
    keyring: Keyring,
    open_session: OpenSession,
    hasher: PasswordHasherPort,
    mail: MailPort,
    background: BackgroundTasks,
    scopes: ScopeCatalogue,
) -> AccountUseCases:
    work, clock = changes.work, changes.clock
    links = Links(keyring, settings.server.public_base_url)
    show = ShowAccount(work)
    confirm = ConfirmPassword(work, hasher, clock)
    attempts = Attempts(work, keyring, clock)
    accounts = settings.accounts
    is_open, needs_verified = accounts.registration == "open", accounts.needs_verified_email
    return AccountUseCases(
        show,
        ListAccounts(work),
        ListAudit(work),
        RegisterAccount(changes, hasher, links, mail, is_open),
        CreateAccount(changes, hasher, links),
        LogIn(changes, attempts, hasher, open_session, needs_verified, scopes),
        ChangePassword(changes, show, confirm, hasher, mail),
        ForgotPassword(changes, links, mail, background),
        ResetPassword(changes, links, hasher, mail),
        SendVerification(work, links, mail, clock),
        VerifyEmail(changes, links),
        UpdateProfile(changes, show, confirm, links, mail),
        ChangeAccount(changes),
        EndSessions(changes),
        MakeResetLink(changes, links),
    )


def hasher_of(accounts: AccountSettings) -> Argon2Hasher:
    return Argon2Hasher(accounts.password_threads, accounts.password_waiting_max)


def mail_of(settings: Settings, clock: ClockPort) -> QueuedMail:
    return QueuedMail(
        _carrier(settings.mail, settings.storage.data_dir), settings.mail.sender, clock
    )


def _carrier(mail: MailSettings, data_dir: Path) -> Carrier:
    if mail.host is None:
        return OutboxCarrier(data_dir / "outbox")
    return SmtpCarrier(mail.host, mail.port, mail.username, mail.password, mail.security)
