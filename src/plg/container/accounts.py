"""Accounts: passwords, mail, and the use cases around them."""

from pathlib import Path

from dependency_injector import containers, providers

from plg.adapters.crypto.passwords import Argon2Hasher
from plg.adapters.mail.carrier import Carrier
from plg.adapters.mail.outbox import OutboxCarrier
from plg.adapters.mail.queued import QueuedMail
from plg.adapters.mail.smtp import SmtpCarrier
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
from plg.application.identity.register_account import RegisterAccount
from plg.application.identity.reset_password import ResetPassword
from plg.application.identity.send_verification import SendVerification
from plg.application.identity.show_account import ShowAccount
from plg.application.identity.update_profile import UpdateProfile
from plg.application.identity.verify_email import VerifyEmail
from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.settings import Settings
from plg.settings.concerns import MailSettings


def _carrier(mail: MailSettings, data_dir: Path) -> Carrier:
    if mail.host is None:
        return OutboxCarrier(data_dir / "outbox")
    return SmtpCarrier(mail.host, mail.port, mail.username, mail.password, mail.security)


class AccountsContainer(containers.DeclarativeContainer):
    """Who has credentials, and how they log in."""

    settings: providers.Dependency[Settings] = providers.Dependency()
    clock: providers.Dependency[ClockPort] = providers.Dependency()
    observer: providers.Dependency[ObserverPort] = providers.Dependency()
    access = providers.DependenciesContainer()
    account_settings = settings.provided.accounts
    mail_settings = settings.provided.mail
    work = access.work

    hasher = providers.Singleton(
        Argon2Hasher,
        account_settings.password_threads,
        account_settings.password_waiting_max,
    )
    mail = providers.Singleton(
        QueuedMail,
        providers.Factory(_carrier, mail_settings, settings.provided.storage.data_dir),
        mail_settings.sender,
        clock,
    )
    behind = providers.Singleton(BackgroundTasks, observer)
    links = providers.Singleton(Links, access.keyring, settings.provided.server.public_base_url)

    show_account = providers.Singleton(ShowAccount, work)
    list_accounts = providers.Singleton(ListAccounts, work)
    list_audit = providers.Singleton(ListAudit, work)
    confirm_password = providers.Singleton(ConfirmPassword, work, hasher, clock)
    register_account = providers.Singleton(
        RegisterAccount,
        work,
        hasher,
        links,
        mail,
        clock,
        providers.Callable("open".__eq__, account_settings.registration),
    )
    create_account = providers.Singleton(CreateAccount, work, hasher, links, clock)
    log_in = providers.Singleton(
        LogIn,
        work,
        providers.Singleton(Attempts, work, access.keyring, clock),
        hasher,
        access.open_session,
        clock,
        account_settings.needs_verified_email,
        access.scopes,
    )
    change_password = providers.Singleton(
        ChangePassword,
        work,
        show_account,
        confirm_password,
        hasher,
        access.remembered,
        mail,
        clock,
    )
    forgot_password = providers.Singleton(ForgotPassword, work, links, mail, behind, clock)
    reset_password = providers.Singleton(
        ResetPassword, work, links, hasher, access.remembered, mail, clock
    )
    send_verification = providers.Singleton(SendVerification, work, links, mail, clock)
    verify_email = providers.Singleton(VerifyEmail, work, links, clock)
    update_profile = providers.Singleton(
        UpdateProfile, work, show_account, confirm_password, links, mail, clock
    )
    change_account = providers.Singleton(ChangeAccount, work, access.remembered, clock)
    end_sessions = providers.Singleton(EndSessions, work, access.remembered, clock)
    make_reset_link = providers.Singleton(MakeResetLink, work, links, clock)
