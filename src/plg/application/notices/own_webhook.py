"""What every use case of an account's own webhook has in common."""

from plg.application.ports.work import Work
from plg.domain.errors import NotFound
from plg.domain.identity.access import Caller
from plg.domain.notices.webhooks import Webhook


async def account_of(work: Work, caller: Caller) -> str:
    """
    Return the id of the caller's account; in a change, nobody else changes it.

    Raises:
        NotFound: If there is none.
    """
    account_id = caller.account_id
    if account_id is None or await work.accounts.get(account_id) is None:
        raise NotFound("There is no account with this id.")
    return account_id


async def webhook_of(work: Work, caller: Caller) -> Webhook:
    """
    Return the webhook of the caller's account.

    Raises:
        NotFound: If it has none.
    """
    webhook = await work.webhooks.get(await account_of(work, caller))
    if webhook is None:
        raise NotFound("The account has no webhook: PUT one first.")
    return webhook
