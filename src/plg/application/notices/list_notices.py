"""List what accounts were told of their limits."""

from dataclasses import dataclass

from plg.application.ledger.authorize_account import account_for, check_admin
from plg.application.ledger.list_statements import ALL
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.access import Caller
from plg.domain.notices.notices import Notice


@dataclass(frozen=True, slots=True)
class ListNotices:
    """Return notices and how far the telling of each is, the newest first."""

    work: UnitOfWorkPort

    async def __call__(
        self, caller: Caller, wanted: str | None, *, before: str | None = None, limit: int
    ) -> list[Notice]:
        """
        Return those before an id: the caller's own, for admins an account's, or `all`.

        Raises:
            InsufficientScope: If they are not the caller's own, and the caller is no admin.
            NotFound: If there is no such account.
        """
        async with self.work.look() as work:
            if wanted == ALL:
                check_admin(caller)
                return await work.notices.page(None, before=before, limit=limit)
            account = await account_for(work, caller, wanted)
            return await work.notices.page(account.id, before=before, limit=limit)
