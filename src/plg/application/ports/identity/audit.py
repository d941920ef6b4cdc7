"""Where it is written down who changed what."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from plg.domain.audit import Action, AuditRecord


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """
    Which records are asked for; None where it does not matter.

    Attributes:
        account_id: Of the actor.
        target: Exactly, such as `key:01J...`.
        since: From this instant on.
        until: Up to this instant, without it.
    """

    actor_id: str | None = None
    account_id: str | None = None
    action: Action | None = None
    target: str | None = None
    since: float | None = None
    until: float | None = None


class AuditPort(Protocol):
    """Insert-only. Every method may raise StorageUnavailable."""

    @abstractmethod
    async def record(self, record: AuditRecord) -> None:
        """Add a record, in the transaction of what it tells."""

    @abstractmethod
    async def page(
        self, wanted: AuditFilter, *, before: str | None, limit: int
    ) -> list[AuditRecord]:
        """Return records by descending id, from the one before `before`."""
