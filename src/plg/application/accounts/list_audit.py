"""Read the audit log."""

from dataclasses import dataclass

from plg.application.ports.audit import AuditFilter
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import AuditRecord


@dataclass(frozen=True, slots=True)
class ListAudit:
    """Return audit records, the newest first."""

    work: UnitOfWorkPort

    async def __call__(
        self, wanted: AuditFilter, *, before: str | None = None, limit: int
    ) -> list[AuditRecord]:
        """Return the records that are older than the one with the id `before`."""
        async with self.work.look() as work:
            return await work.audit.page(wanted, before=before, limit=limit)
