"""Read the audit log."""

from dataclasses import dataclass, replace

from plg.application.identity.find_account import account_named
from plg.application.ports.identity.audit import AuditFilter
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import AuditRecord


@dataclass(frozen=True, slots=True)
class ListAudit:
    """Return audit records, the newest first."""

    work: UnitOfWorkPort

    async def __call__(
        self, wanted: AuditFilter, *, before: str | None = None, limit: int
    ) -> list[AuditRecord]:
        """
        Return the records that are older than the one with the id `before`.

        The account may be named by its address; there is no record of one that does not exist.
        """
        async with self.work.look() as work:
            if wanted.account_id is not None and "@" in wanted.account_id:
                account = await account_named(work, wanted.account_id)
                wanted = replace(wanted, account_id="" if account is None else account.id)
            return await work.audit.page(wanted, before=before, limit=limit)
