"""What the durable database holds, in dicts that a transaction copies."""

from copy import copy
from dataclasses import dataclass, field, fields

from plg.application.ports.identity.access_changes import AccessChange
from plg.application.ports.identity.mailed_links import MailedLink
from plg.domain.audit import AuditRecord
from plg.domain.devices.devices import Device
from plg.domain.errors import StorageUnavailable
from plg.domain.fleets.fleets import Fleet
from plg.domain.identity.accounts import Account
from plg.domain.identity.api_keys import ApiKey, KeySecret
from plg.domain.identity.lockouts import Failures
from plg.domain.identity.sessions import Session
from plg.domain.identity.signing_keys import SigningKey
from plg.domain.ledger.archives import KeptCheckpoint
from plg.domain.ledger.meters import Meter
from plg.domain.ledger.statements import Statement, StatementKind
from plg.domain.ledger.usage import UsageRecord
from plg.domain.notices.notices import Notice
from plg.domain.notices.webhooks import Webhook
from plg.domain.plans.account_plans import Assignment, Override
from plg.domain.plans.plans import Plan
from plg.domain.plans.tariffs import SpendCap
from plg.domain.records.vehicles import Observation


@dataclass(frozen=True, slots=True)
class KeptFleet:
    """
    A fleet with its vehicles, and those that an import has staged.

    Attributes:
        is_there: Whether an import ever came to its end.
    """

    fleet: Fleet
    imports: int = 0
    vins: frozenset[str] = frozenset()
    staged: frozenset[str] = frozenset()
    is_there: bool = False
    is_removed: bool = False


@dataclass(slots=True)
class Tables:
    """Everything that was committed, or is about to be."""

    accounts: dict[str, Account] = field(default_factory=dict)
    api_keys: dict[str, ApiKey] = field(default_factory=dict)
    secrets: dict[str, KeySecret] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    nonces: dict[tuple[str, str], float] = field(default_factory=dict)
    links: dict[bytes, MailedLink] = field(default_factory=dict)
    failures: dict[str, Failures] = field(default_factory=dict)
    places: dict[tuple[str, str], float] = field(default_factory=dict)
    signing_keys: dict[str, SigningKey] = field(default_factory=dict)
    plans: dict[tuple[str, int], Plan] = field(default_factory=dict)
    assignments: dict[tuple[str, float], Assignment] = field(default_factory=dict)
    overrides: dict[str, Override] = field(default_factory=dict)
    caps: dict[str, SpendCap] = field(default_factory=dict)
    own_caps: dict[str, SpendCap] = field(default_factory=dict)
    fleets: dict[str, KeptFleet] = field(default_factory=dict)
    bindings: set[tuple[str, str]] = field(default_factory=set)
    fleet_bound: set[str] = field(default_factory=set)
    audit: list[AuditRecord] = field(default_factory=list)
    changes: list[tuple[float, AccessChange] | None] = field(default_factory=list)
    observations: dict[tuple[str, float], Observation] = field(default_factory=dict)
    meters: dict[str, Meter] = field(default_factory=dict)
    usage: dict[tuple[str, int], UsageRecord] = field(default_factory=dict)
    macs: dict[tuple[str, int], bytes] = field(default_factory=dict)
    digests: dict[tuple[str, int], bytes] = field(default_factory=dict)
    billed_to: dict[str, int] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    statement_numbers: dict[StatementKind, int] = field(default_factory=dict)
    closings: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    checkpoints: list[KeptCheckpoint] = field(default_factory=list)
    free_usage: dict[tuple[int, str, str, str], int] = field(default_factory=dict)
    notices: dict[tuple[str, str, int, int, str], Notice] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)

    def copy(self) -> "Tables":
        return Tables(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})


@dataclass(slots=True)
class Switch:
    """Whether the database is down; one for all transactions."""

    is_down: bool = False

    def check(self) -> None:
        if self.is_down:
            raise StorageUnavailable("the database is down")


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the twins of one transaction share."""

    tables: Tables
    switch: Switch
    may_write: bool


class Twin:
    """A port of the work, on the tables of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def _read(self) -> Tables:
        self._transaction.switch.check()
        return self._transaction.tables

    @property
    def _written(self) -> Tables:
        """The tables to be changed; it is a mistake to change them in `look()`."""
        if not self._transaction.may_write:
            raise RuntimeError("look() only reads")
        return self._read
