"""Links that are mailed: each works once, for a while, and only for the address it went to."""

import secrets
from dataclasses import dataclass
from typing import Final

from plg.application.ports.identity.mailed_links import MailedLink, Purpose
from plg.application.ports.work import Work
from plg.domain.errors import InvalidLink
from plg.domain.identity.accounts import Account
from plg.domain.identity.keyring import Keyring

TOKEN_BYTES: Final = 32
TOKEN_LENGTH_MAX: Final = 64
DIGEST_PURPOSE: Final = "mailed-link"
VERIFY_SECONDS: Final = 48 * 3600.0
RESET_SECONDS: Final = 3600.0
INVITATION_SECONDS: Final = 48 * 3600.0
PATHS: Final = {
    Purpose.VERIFY_EMAIL: "/api/v1/auth/email/verify",
    Purpose.RESET_PASSWORD: "/api/v1/auth/password/reset",
}


@dataclass(frozen=True, slots=True)
class Links:
    """
    Makes links and takes them back; only keyed digests of their tokens are kept.

    Attributes:
        base_url: How clients reach the gateway.
    """

    keyring: Keyring
    base_url: str

    async def issue(self, work: Work, account: Account, purpose: Purpose, expires_at: float) -> str:
        """Return the token of a new link, which makes earlier ones for the purpose void."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        digest = self.keyring.digest(DIGEST_PURPOSE, token.encode())
        link = MailedLink(digest, purpose, account.id, account.email.key, expires_at)
        await work.mailed_links.add(link)
        return token

    async def spend(self, work: Work, token: str, purpose: Purpose, now: float) -> Account:
        """
        Take the link with this token away, and return whose it was.

        Raises:
            InvalidLink: If it was used, has expired, went to another address, or is none of ours.
        """
        link = await self._found(work, token, purpose, now)
        account = None if link is None else await work.accounts.get(link.account_id)
        if link is None or account is None or link.email_key != account.email.key:
            raise InvalidLink("The link was used, has expired, or was replaced by a newer one.")
        return account

    def url(self, purpose: Purpose, token: str) -> str:
        """Return what a person follows."""
        return f"{self.base_url}{PATHS[purpose]}?token={token}"

    async def _found(
        self, work: Work, token: str, purpose: Purpose, now: float
    ) -> MailedLink | None:
        if len(token) > TOKEN_LENGTH_MAX or not token.isascii():
            return None
        for pepper_id in self.keyring.pepper_ids:
            digest = self.keyring.digest(DIGEST_PURPOSE, token.encode(), pepper_id)
            link = await work.mailed_links.spend(digest, purpose, now)
            if link is not None:
                return link
        return None
