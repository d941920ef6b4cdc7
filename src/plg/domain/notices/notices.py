"""What accounts are told: a threshold that was reached, once by each channel."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from plg.domain.money import Currency
from plg.domain.notices.deliveries import Channel, Delivery, new_delivery
from plg.domain.notices.thresholds import Limit, Reached

THRESHOLD_REACHED: Final = "usage.threshold_reached"
TEST: Final = "webhook.test"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """
    What a webhook is sent.

    Attributes:
        id: The same however often it is sent.
        at: When it happened.
    """

    id: str
    type: str
    at: float
    data: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Notice:
    """
    A threshold that was reached, and how far the telling of it is.

    Attributes:
        id: A ULID.
    """

    id: str
    at: float
    reached: Reached
    mail: Delivery
    webhook: Delivery

    @property
    def kind(self) -> Limit:
        return Limit(self.reached.kind)

    @property
    def period(self) -> str:
        """The day of a quota, such as `2026-11-22`, or the month of a cap, such as `2026-11`."""
        begins = _EPOCH + timedelta(days=self.reached.period)
        return f"{begins:%Y-%m-%d}" if self.kind.is_daily else f"{begins:%Y-%m}"

    def amount(self, count: int) -> str | int:
        """Return what is used or allowed as people read it: money as a decimal."""
        code = self.reached.currency
        return count if code is None else Currency(code).text(count)

    @property
    def event(self) -> Event:
        """The notice as a webhook is sent it: to the byte the same, however often."""
        reached = self.reached
        data: dict[str, str | int] = {
            "account_id": reached.account_id,
            "kind": reached.kind,
            "period": self.period,
            "percent": reached.percent,
            "used": self.amount(reached.used),
            "limit": self.amount(reached.most),
        }
        if reached.currency is not None:
            data["currency"] = reached.currency
        if reached.resource:
            data["resource"] = reached.resource
        return Event(self.id, THRESHOLD_REACHED, self.at, data)

    def by(self, channel: Channel) -> Delivery:
        """Return how far it is by a channel."""
        return self.mail if channel is Channel.MAIL else self.webhook

    def moved(self, channel: Channel, delivery: Delivery) -> "Notice":
        """Return it as far as it is now by a channel."""
        if channel is Channel.MAIL:
            return replace(self, mail=delivery)
        return replace(self, webhook=delivery)


def new_notice(notice_id: str, reached: Reached, now: float) -> Notice:
    """Return a notice that is due by each channel."""
    return Notice(notice_id, now, reached, new_delivery(now), new_delivery(now))
