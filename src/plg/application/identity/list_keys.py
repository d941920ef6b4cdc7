"""Read keys."""

from dataclasses import dataclass

from plg.application.identity.changing_keys import own_key
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.access import Caller
from plg.domain.identity.api_keys import ApiKey


@dataclass(frozen=True, slots=True)
class ListKeys:
    """Show the keys of the caller's account, also revoked ones, in the order they were made."""

    work: UnitOfWorkPort

    async def __call__(
        self, caller: Caller, *, after: str | None, limit: int, search: str | None = None
    ) -> list[ApiKey]:
        """Return those after the one named, with `search` only where name or prefix holds it."""
        if caller.account_id is None:
            return []
        async with self.work.look() as work:
            return await work.api_keys.page(
                caller.account_id, after=after, limit=limit, search=search
            )


@dataclass(frozen=True, slots=True)
class ShowKey:
    """Show one key of the caller's account."""

    work: UnitOfWorkPort

    async def __call__(self, key_id: str, caller: Caller) -> ApiKey:
        """
        Return the key.

        Raises:
            NotFound: If there is none, or it is another account's.
        """
        async with self.work.look() as work:
            return await own_key(work, key_id, caller)
