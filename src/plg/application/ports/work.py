"""Changes that are made together or not at all."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from plg.application.ports.devices.devices import DevicesPort
from plg.application.ports.fleets.fleets import FleetsPort
from plg.application.ports.identity.access_changes import AccessChangesPort
from plg.application.ports.identity.accounts import AccountsPort
from plg.application.ports.identity.api_keys import ApiKeysPort
from plg.application.ports.identity.attempts import AttemptsPort
from plg.application.ports.identity.audit import AuditPort
from plg.application.ports.identity.mailed_links import MailedLinksPort
from plg.application.ports.identity.sessions import SessionsPort
from plg.application.ports.identity.signing_keys import SigningKeysPort
from plg.application.ports.ledger.archives import ArchivesPort
from plg.application.ports.ledger.free_usage import FreeUsagePort
from plg.application.ports.ledger.record_keys import RecordKeysPort
from plg.application.ports.ledger.statements import StatementsPort
from plg.application.ports.ledger.usage import UsagePort
from plg.application.ports.notices.notices import NoticesPort
from plg.application.ports.notices.webhooks import WebhooksPort
from plg.application.ports.plans.plans import PlansPort
from plg.application.ports.records.observations import ObservationsPort


class Work(Protocol):
    """What one transaction sees: itself, and what was committed before it began."""

    accounts: AccountsPort
    api_keys: ApiKeysPort
    sessions: SessionsPort
    devices: DevicesPort
    mailed_links: MailedLinksPort
    attempts: AttemptsPort
    signing_keys: SigningKeysPort
    plans: PlansPort
    fleets: FleetsPort
    audit: AuditPort
    access_changes: AccessChangesPort
    observations: ObservationsPort
    usage: UsagePort
    statements: StatementsPort
    archives: ArchivesPort
    record_keys: RecordKeysPort
    free_usage: FreeUsagePort
    notices: NoticesPort
    webhooks: WebhooksPort


class UnitOfWorkPort(Protocol):
    """
    The durable database, a transaction at a time.

    Entering waits its turn for a bounded time and then raises StorageUnavailable, as everything
    inside does when the database fails.
    """

    @abstractmethod
    def change(self) -> AbstractAsyncContextManager[Work]:
        """Commit at the end of the block; undo everything where it raises. Changes take turns."""

    @abstractmethod
    def look(self) -> AbstractAsyncContextManager[Work]:
        """Only read; never waits for changes under way."""
