"""Accounts, and what is mailed to them, in memory."""

from plg.application.ports.identity.accounts import AccountsPort
from plg.application.ports.identity.mailed_links import MailedLink, MailedLinksPort, Purpose
from plg.domain.errors import EmailTaken
from plg.domain.identity.accounts import Account, Email, Role, fold
from plg.domain.identity.addresses import fold_case
from tests.fakes.memory_tables import Twin


class MemoryAccounts(Twin, AccountsPort):
    """Accounts in a dict."""

    async def add(self, account: Account) -> None:
        self._refuse_taken(account)
        self._written.accounts[account.id] = account

    async def get(self, account_id: str) -> Account | None:
        return self._read.accounts.get(account_id)

    async def find(self, email: Email) -> Account | None:
        held = self._read.accounts.values()
        found = {account.email.key: account for account in held}
        return found.get(email.exact_key) or found.get(email.key)

    async def replace(self, account: Account) -> None:
        self._refuse_taken(account)
        if account.id in self._written.accounts:
            self._written.accounts[account.id] = account

    async def active_admins(self) -> frozenset[str]:
        held = self._read.accounts.values()
        return frozenset(each.id for each in held if each.is_active and each.role is Role.ADMIN)

    async def page(self, *, after: str | None, limit: int, search: str | None) -> list[Account]:
        held = self._read.accounts
        found = [
            held[account_id]
            for account_id in sorted(held)
            if account_id > (after or "") and _matches(held[account_id], search)
        ]
        return found[:limit]

    def _refuse_taken(self, account: Account) -> None:
        for other in self._written.accounts.values():
            if other.email.key == account.email.key and other.id != account.id:
                raise EmailTaken("Another account has this address.")


class MemoryMailedLinks(Twin, MailedLinksPort):
    """Mailed links in a dict."""

    async def add(self, link: MailedLink) -> None:
        for digest, held in list(self._written.links.items()):
            if (held.account_id, held.purpose) == (link.account_id, link.purpose):
                del self._written.links[digest]
        self._written.links[link.digest] = link

    async def spend(self, digest: bytes, purpose: Purpose, now: float) -> MailedLink | None:
        link = self._written.links.get(digest)
        if link is None or link.purpose is not purpose or link.expires_at <= now:
            return None
        return self._written.links.pop(digest)

    async def void(self, account_id: str) -> None:
        for digest, held in list(self._written.links.items()):
            if held.account_id == account_id:
                del self._written.links[digest]

    async def prune(self, before: float, *, limit: int) -> int:
        held = self._written.links
        gone = [digest for digest, link in held.items() if link.expires_at < before][:limit]
        for digest in gone:
            del held[digest]
        return len(gone)


def _matches(account: Account, search: str | None) -> bool:
    wanted, email = search or "", account.email
    is_address = wanted in email.address or fold_case(wanted) in email.key
    return is_address or fold(wanted) in fold(account.name or "")
