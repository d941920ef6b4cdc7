"""Show a statement."""

from dataclasses import dataclass

from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.errors import Archived, NotFound
from plg.domain.identity.access import Caller, Scope
from plg.domain.ledger.statements import Statement


@dataclass(frozen=True, slots=True)
class ShowStatement:
    """Return a statement or a credit note as it was closed."""

    work: UnitOfWorkPort

    async def __call__(self, caller: Caller, number: str) -> Statement:
        """
        Return it.

        Raises:
            NotFound: If there is none, or none that the caller may see.
        """
        async with self.work.look() as work:
            return await statement_for(work, caller, number)


async def statement_for(work: Work, caller: Caller, number: str) -> Statement:
    """
    Return a statement that the caller may see: of its own account, for admins any.

    Raises:
        NotFound: If there is none.
    """
    statement = await work.statements.get(number)
    if statement is not None:
        is_own = statement.account_id == caller.account_id
        if is_own or Scope.ADMIN in caller.scopes:
            return statement
    raise NotFound("There is no statement with this number.")


async def check_not_archived(work: Work, statement: Statement) -> None:
    """
    Return where the records that a statement covers are at hand.

    Raises:
        Archived: If they were moved to a file.
    """
    span = statement.span
    if span is not None and span.last <= await work.archives.archived_to(statement.account_id):
        raise Archived(f"The records of {statement.number} were archived.")
