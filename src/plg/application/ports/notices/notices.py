"""Where notices are kept, and how far the telling of each is."""

from abc import abstractmethod
from typing import Protocol

from plg.domain.notices.deliveries import Channel, Delivery
from plg.domain.notices.notices import Notice


class NoticesPort(Protocol):
    """
    Notices, within one transaction. Every method may raise StorageUnavailable.

    The ledger adds them, in the transaction of what they tell of: one for each account, limit,
    period and threshold, ever.
    """

    @abstractmethod
    async def has_due(self, channel: Channel, now: float) -> bool:
        """Tell whether any is due by a channel."""

    @abstractmethod
    async def take_due(self, channel: Channel, now: float, limit: int) -> list[Notice]:
        """
        Take up those that are due, the longest due first, and return them as taken up.

        Nobody else gets them until their lease runs out.
        """

    @abstractmethod
    async def move(self, notice: Notice, channel: Channel, delivery: Delivery) -> bool:
        """
        Note how far a notice is by a channel that was taken up as `notice` says.

        Returns False, and changes nothing, where somebody else has taken it up since.
        """

    @abstractmethod
    async def page(self, account_id: str | None, *, before: str | None, limit: int) -> list[Notice]:
        """Return the notices of an account, or of all, by descending id."""

    @abstractmethod
    async def prune(self, before: float, *, limit: int) -> int:
        """Remove notices that were made before an instant, a few at once; return how many."""
