"""Where accounts' webhooks are kept, and how one is called."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from plg.domain.notices.deliveries import Attempt
from plg.domain.notices.notices import Event
from plg.domain.notices.webhooks import Webhook


class WebhooksPort(Protocol):
    """One webhook an account, within one transaction. Each may raise StorageUnavailable."""

    @abstractmethod
    async def get(self, account_id: str) -> Webhook | None:
        """Return the webhook of an account, or None; in a change, nobody else changes it."""

    @abstractmethod
    async def put(self, webhook: Webhook) -> None:
        """Add a webhook, or have it take the place of the one that the account has."""

    @abstractmethod
    async def remove(self, account_id: str) -> bool:
        """Remove the webhook of an account; False where it has none."""

    @abstractmethod
    async def left_behind(self, prefixes: Sequence[str]) -> int:
        """Count those whose secret was sealed with none of these prefixes."""


class WebhookCallsPort(Protocol):
    """Calls webhooks, each within a bounded time."""

    @abstractmethod
    def check(self, url: str) -> None:
        """
        Check an address as far as can be told without asking anybody.

        Raises:
            InvalidParameter: If it would never be called.
        """

    @abstractmethod
    async def call(self, url: str, secrets: Sequence[bytes], event: Event) -> Attempt:
        """
        Send an event once, signed by each secret; what goes wrong is told in the attempt.

        Redirects are not followed, and nothing of the answer but its status is looked at. An
        address that is not public is not called, unless the operator allows it: neither does
        anybody learn what is there.
        """
