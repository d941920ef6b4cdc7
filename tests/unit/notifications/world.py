"""Ana, who reaches thresholds, and everything that tells her."""

from dataclasses import replace

from plg.application.audited_change import AuditedChange
from plg.application.notices.deliver import ByMail, ByWebhook, Deliver
from plg.application.notices.remove_webhook import RemoveWebhook
from plg.application.notices.rotate_webhook_secret import RotateWebhookSecret
from plg.application.notices.set_webhook import SetWebhook
from plg.application.notices.show_webhook import ShowWebhook
from plg.application.notices.try_webhook import TryWebhook
from plg.domain.audit import Actor
from plg.domain.identity.access import Caller, Scopes
from plg.domain.notices.notices import Notice
from tests.fakes import memory_usage
from tests.fakes.clock import StoppedClock
from tests.fakes.mail import KeptMail
from tests.fakes.observer import RecordingObserver
from tests.fakes.remembered import NotedForgetting
from tests.fakes.sealing import OpenSeal
from tests.fakes.usage import ANA, asked, charge, tariff_of
from tests.fakes.webhooks import NotedCalls
from tests.fakes.work import MemoryWork
from tests.unit.keys.world import account_of

URL = "https://example.org/hook"
ACTOR = Actor("account:ana", ANA, "192.0.2.1", "r-1")
CALLER = Caller("account:ana", Scopes(), account_id=ANA)


class World:
    def __init__(self) -> None:
        self.work, self.clock, self.mail = MemoryWork(), StoppedClock(), KeptMail()
        self.calls, self.seal, self.observer = NotedCalls(), OpenSeal(), RecordingObserver()
        self.work.tables.accounts[ANA] = replace(account_of("ana"), id=ANA)
        work, clock = self.work, self.clock
        changes = AuditedChange(work, NotedForgetting(), clock)
        self.by_mail = ByMail(work, self.mail, "https://plg.example")
        self.by_webhook = ByWebhook(work, self.calls, self.seal, clock)
        self.deliver_mail = Deliver(work, self.by_mail, clock, self.observer)
        self.deliver_webhooks = Deliver(work, self.by_webhook, clock, self.observer)
        self.set = SetWebhook(changes, self.calls, self.seal)
        self.show = ShowWebhook(work)
        self.rotate = RotateWebhookSecret(changes, self.seal)
        self.remove = RemoveWebhook(changes)
        self.try_ = TryWebhook(work, self.calls, self.seal, clock)

    def use(self, count: int, *, of: int, account: str = ANA) -> None:
        """Have so many answers of a daily quota recorded."""
        tariff = tariff_of(requests=of)
        operations = [charge(asked(n, account=account, tariff=tariff)) for n in range(count)]
        memory_usage.submit(self.work.tables, operations)

    @property
    def notices(self) -> list[Notice]:
        """All notices, by what they are about."""
        found = self.work.tables.notices.values()
        return sorted(found, key=lambda each: each.reached[:4])
