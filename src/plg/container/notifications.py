"""What accounts are told of their limits, and by which ways."""

from dependency_injector import containers, providers

from plg.adapters.webhooks.calls import HttpWebhookCalls
from plg.application.notices.deliver import ByMail, ByWebhook, Deliver
from plg.application.notices.maintenance import NoticeMaintenance
from plg.application.notices.remove_webhook import RemoveWebhook
from plg.application.notices.rotate_webhook_secret import RotateWebhookSecret
from plg.application.notices.set_webhook import SetWebhook
from plg.application.notices.show_webhook import ShowWebhook
from plg.application.notices.try_webhook import TryWebhook
from plg.application.ports.clock import ClockPort
from plg.application.ports.notices.mail import MailPort
from plg.application.ports.observer import ObserverPort
from plg.settings import Settings


class NotificationsContainer(containers.DeclarativeContainer):
    """Webhooks, and what works in the background for them and for mail."""

    settings: providers.Dependency[Settings] = providers.Dependency()
    clock: providers.Dependency[ClockPort] = providers.Dependency()
    observer: providers.Dependency[ObserverPort] = providers.Dependency()
    mail: providers.Dependency[MailPort] = providers.Dependency()
    access = providers.DependenciesContainer()
    work, seal = access.work, access.seal
    webhook_settings = settings.provided.webhooks

    calls = providers.Singleton(
        HttpWebhookCalls,
        webhook_settings.allow_networks,
        webhook_settings.timeout_seconds,
        clock,
    )
    by_mail = providers.Singleton(ByMail, work, mail, settings.provided.server.public_base_url)
    by_webhook = providers.Singleton(ByWebhook, work, calls, seal, clock)
    deliveries = providers.List(
        providers.Factory(Deliver, work, by_mail, clock, observer),
        providers.Factory(Deliver, work, by_webhook, clock, observer),
    )
    maintenance = providers.Singleton(NoticeMaintenance, work, deliveries, clock, observer)

    show_webhook = providers.Singleton(ShowWebhook, work)
    set_webhook = providers.Singleton(SetWebhook, work, calls, seal, clock)
    rotate_webhook_secret = providers.Singleton(RotateWebhookSecret, work, seal, clock)
    remove_webhook = providers.Singleton(RemoveWebhook, work, clock)
    try_webhook = providers.Singleton(TryWebhook, work, calls, seal, clock)
