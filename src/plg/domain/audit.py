"""Who changed what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Who causes a change, and from where.

    Attributes:
        id: The caller's id (`account:...`, `key:...`, `device:...`), `anonymous`, or `operator`
            for the command line.
        account_id: The caller's account, if there is one.
        address: The client's address; None for the command line.
        request_id: The request's id; None for the command line.
    """

    id: str
    account_id: str | None = None
    address: str | None = None
    request_id: str | None = None


OPERATOR = Actor("operator")


class Action(StrEnum):
    """What is written down."""

    ACCOUNT_REGISTERED = "account.registered"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_ACTIVATED = "account.activated"
    ACCOUNT_DEACTIVATED = "account.deactivated"
    ACCOUNT_ROLE_CHANGED = "account.role_changed"
    EMAIL_VERIFIED = "account.email_verified"
    PASSWORD_CHANGED = "account.password_changed"
    PASSWORD_FORGOTTEN = "account.password_forgotten"
    PASSWORD_RESET = "account.password_reset"
    RESET_LINK_MADE = "account.reset_link_made"
    SESSIONS_ENDED = "account.sessions_ended"
    LOGGED_IN = "session.logged_in"
    LOGIN_FAILED = "session.login_failed"
    LOGGED_OUT = "session.logged_out"
    REFRESH_REUSED = "session.refresh_reused"
    KEY_ISSUED = "key.issued"
    KEY_CHANGED = "key.changed"
    KEY_REGENERATED = "key.regenerated"
    KEY_REVOKED = "key.revoked"
    KEY_LEAKED = "key.leaked"
    DEVICE_REGISTERED = "device.registered"
    DEVICE_CHANGED = "device.changed"
    DEVICE_REVOKED = "device.revoked"
    PLAN_MADE = "plan.made"
    PLAN_ASSIGNED = "account.plan_assigned"
    PLAN_OVERRIDDEN = "account.plan_overridden"
    OVERRIDE_ENDED = "account.override_ended"
    SPEND_CAP_SET = "account.spend_cap_set"
    OWN_SPEND_CAP_SET = "account.own_spend_cap_set"
    FLEET_IMPORTED = "fleet.imported"
    FLEET_REMOVED = "fleet.removed"
    FLEET_BOUND = "account.fleet_bound"
    FLEET_UNBOUND = "account.fleet_unbound"
    FLEETS_OPENED = "account.fleets_opened"
    STATEMENT_CLOSED = "statement.closed"
    STATEMENT_CREDITED = "statement.credited"
    LEDGER_ARCHIVED = "ledger.archived"
    RECORD_KEY_ERASED = "ledger.record_key_erased"
    WEBHOOK_SET = "webhook.set"
    WEBHOOK_ROTATED = "webhook.rotated"
    WEBHOOK_REMOVED = "webhook.removed"
    SIGNING_KEYS_ROTATED = "signing_keys.rotated"


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """
    One change.

    Attributes:
        id: A ULID, so records sort by time.
        target: What was changed: `account:<id>`, `key:<id>`, `device:<id>`, `session:<id>`,
            `plan:<code>`, `fleet:<code>`, `statement:<number>`.
        details: What is worth knowing besides; never a secret.
    """

    id: str
    at: float
    actor: Actor
    action: Action
    target: str
    details: Mapping[str, str] = field(default_factory=dict)
