"""What may be done with webhooks, and what delivers notices, put together."""

from dataclasses import dataclass

from plg.adapters.webhooks.calls import HttpWebhookCalls
from plg.application.audited_change import AuditedChange
from plg.application.background import Job
from plg.application.notices.deliver import ByMail, ByWebhook, Deliver
from plg.application.notices.maintenance import PruneNotices, notice_jobs
from plg.application.notices.remove_webhook import RemoveWebhook
from plg.application.notices.rotate_webhook_secret import RotateWebhookSecret
from plg.application.notices.set_webhook import SetWebhook
from plg.application.notices.show_webhook import ShowWebhook
from plg.application.notices.try_webhook import TryWebhook
from plg.application.ports.identity.sealing import SealPort
from plg.application.ports.notices.mail import MailPort
from plg.application.ports.observer import ObserverPort
from plg.settings import Settings


@dataclass(frozen=True, slots=True)
class Notifications:
    """Webhooks, and what delivers notices to them and by mail."""

    deliveries: tuple[Deliver, ...]
    jobs: tuple[Job, ...]
    show_webhook: ShowWebhook
    set_webhook: SetWebhook
    rotate_webhook_secret: RotateWebhookSecret
    remove_webhook: RemoveWebhook
    try_webhook: TryWebhook


def notifications_of(
    settings: Settings,
    changes: AuditedChange,
    seal: SealPort,
    mail: MailPort,
    observer: ObserverPort,
) -> Notifications:
    work, clock, webhooks = changes.work, changes.clock, settings.webhooks
    calls = HttpWebhookCalls(webhooks.allow_networks, webhooks.timeout_seconds, clock)
    deliveries = (
        Deliver(work, ByMail(work, mail, settings.server.public_base_url), clock, observer),
        Deliver(work, ByWebhook(work, calls, seal, clock), clock, observer),
    )
    return Notifications(
        deliveries,
        notice_jobs(deliveries, PruneNotices(work, clock)),
        ShowWebhook(work),
        SetWebhook(changes, calls, seal),
        RotateWebhookSecret(changes, seal),
        RemoveWebhook(changes),
        TryWebhook(work, calls, seal, clock),
    )
