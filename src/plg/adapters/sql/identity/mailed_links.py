"""Mailed links in the durable database."""

from sqlalchemy import delete, insert, select

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.identity.tables import accounts, mailed_links
from plg.application.ports.identity.mailed_links import MailedLink, MailedLinksPort, Purpose

_c = mailed_links.c


class SqlMailedLinks(MailedLinksPort):
    """A row a link that may still be followed; who takes the row away has spent it."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def add(self, link: MailedLink) -> None:
        # Two that are mailed at once take turns at the account: the later one voids the other.
        await self._statements.held_row(
            select(accounts.c.id).where(accounts.c.id == link.account_id)
        )
        same = (_c.account_id == link.account_id, _c.purpose == link.purpose.value)
        await self._statements.write(delete(mailed_links).where(*same))
        values = {
            "digest": link.digest,
            "purpose": link.purpose.value,
            "account_id": link.account_id,
            "email_key": link.email_key,
            "expires_at": link.expires_at,
        }
        await self._statements.write(insert(mailed_links), values)

    async def spend(self, digest: bytes, purpose: Purpose, now: float) -> MailedLink | None:
        wanted = (_c.digest == digest, _c.purpose == purpose.value, _c.expires_at > now)
        row = await self._statements.held_row(
            select(_c.account_id, _c.email_key, _c.expires_at).where(*wanted)
        )
        if row is None or not await self._statements.write(delete(mailed_links).where(*wanted)):
            return None
        return MailedLink(digest, purpose, *row)

    async def void(self, account_id: str) -> None:
        await self._statements.write(delete(mailed_links).where(_c.account_id == account_id))

    async def prune(self, before: float, *, limit: int) -> int:
        return await self._statements.remove(mailed_links, _c.expires_at < before, limit=limit)
