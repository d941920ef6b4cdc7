"""Attempts, signing keys, the audit log and what processes tell each other, in memory."""

from plg.application.ports.identity.access_changes import (
    AccessChange,
    AccessChangeFeedPort,
    AccessChangesPort,
)
from plg.application.ports.identity.attempts import KNOWN_PLACES_MAX, AttemptsPort
from plg.application.ports.identity.audit import AuditFilter, AuditPort
from plg.application.ports.identity.signing_keys import SigningKeysPort
from plg.domain.audit import AuditRecord
from plg.domain.identity.lockouts import Failures
from plg.domain.identity.signing_keys import SigningKey
from tests.fakes.memory_tables import Switch, Tables, Twin


class MemoryAttempts(Twin, AttemptsPort):
    """Failures and known places in dicts."""

    async def count_up(self, subject: str, now: float) -> Failures:
        before = self._written.failures.get(subject, Failures())
        self._written.failures[subject] = before.and_one_more(now)
        return before

    async def clear(self, subject: str) -> None:
        self._written.failures.pop(subject, None)

    async def is_known_place(self, account_id: str, place: str) -> bool:
        return (account_id, place) in self._read.places

    async def add_known_place(self, account_id: str, place: str, now: float) -> None:
        held = self._written.places
        held[account_id, place] = max(now, held.get((account_id, place), now))
        mine = sorted((at, name) for (owner, name), at in held.items() if owner == account_id)
        for _, name in mine[:-KNOWN_PLACES_MAX]:
            del held[account_id, name]

    async def prune(self, before: float, *, limit: int) -> int:
        held = self._written.failures
        gone = [subject for subject, each in held.items() if each.last_at < before][:limit]
        for subject in gone:
            del held[subject]
        return len(gone)


class MemorySigningKeys(Twin, SigningKeysPort):
    """Signing keys in a dict."""

    async def all(self) -> list[SigningKey]:
        held = self._read.signing_keys.values()
        return sorted(held, key=lambda key: (key.created_at, key.id))

    async def add(self, key: SigningKey) -> None:
        self._written.signing_keys[key.id] = key

    async def replace(self, key: SigningKey) -> None:
        if key.id in self._written.signing_keys:
            self._written.signing_keys[key.id] = key

    async def remove(self, key_id: str) -> None:
        self._written.signing_keys.pop(key_id, None)


class MemoryAudit(Twin, AuditPort):
    """Records in a list."""

    async def record(self, record: AuditRecord) -> None:
        self._written.audit.append(record)

    async def page(
        self, wanted: AuditFilter, *, before: str | None, limit: int
    ) -> list[AuditRecord]:
        held = sorted(self._read.audit, key=lambda record: record.id, reverse=True)
        older = [record for record in held if before is None or record.id < before]
        return [record for record in older if _is_wanted(record, wanted)][:limit]


class MemoryAccessChanges(Twin, AccessChangesPort):
    """What was published, in a list."""

    async def publish(self, change: AccessChange, now: float) -> None:
        self._written.changes.append((now, change))


class MemoryAccessChangeFeed(AccessChangeFeedPort):
    """The end that one process polls."""

    def __init__(self, committed: "Committed", switch: Switch) -> None:
        self._committed = committed
        self._switch = switch
        self._seen: int | None = None

    async def poll(self) -> list[AccessChange]:
        self._switch.check()
        changes = self._committed.tables.changes
        seen, self._seen = self._seen, len(changes)
        return [] if seen is None else [each[1] for each in changes[seen:] if each is not None]

    async def prune(self, before: float) -> None:
        self._switch.check()
        changes = self._committed.tables.changes
        changes[:] = [each if each and each[0] >= before else None for each in changes]


class Committed:
    """The tables as the last transaction left them."""

    def __init__(self) -> None:
        self.tables = Tables()


def _is_wanted(record: AuditRecord, wanted: AuditFilter) -> bool:
    pairs = (
        (wanted.actor_id, record.actor.id),
        (wanted.account_id, record.actor.account_id),
        (wanted.action, record.action),
        (wanted.target, record.target),
    )
    is_in_time = (wanted.since is None or record.at >= wanted.since) and (
        wanted.until is None or record.at < wanted.until
    )
    return is_in_time and all(asked is None or asked == found for asked, found in pairs)
