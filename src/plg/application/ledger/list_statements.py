"""List statements."""

from dataclasses import dataclass
from typing import Final

from plg.application.ledger.authorize_account import account_for, check_admin
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.access import Caller
from plg.domain.ledger.statements import Statement

ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class ListStatements:
    """Return statements and credit notes, the newest first."""

    work: UnitOfWorkPort

    async def __call__(
        self, caller: Caller, wanted: str | None, *, before: int | None = None, limit: int
    ) -> list[Statement]:
        """
        Return those before a position: the caller's own, for admins an account's, or `all`.

        Raises:
            InsufficientScope: If they are not the caller's own, and the caller is no admin.
            NotFound: If there is no such account.
        """
        async with self.work.look() as work:
            if wanted == ALL:
                check_admin(caller)
                return await work.statements.page(None, before=before, limit=limit)
            account = await account_for(work, caller, wanted)
            return await work.statements.page(account.id, before=before, limit=limit)
