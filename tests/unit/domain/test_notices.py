"""Notices as they are told."""

from plg.domain.notices.deliveries import Channel
from plg.domain.notices.notices import Event, new_notice
from plg.domain.notices.thresholds import Reached
from tests.fakes.clock import NOON
from tests.unit.domain.metered import DAY


def test_a_quota_is_told_in_numbers_and_by_its_day() -> None:
    notice = new_notice("01N", Reached("A1", "requests_per_day", DAY, 80, 80, 100), NOON)

    assert notice.event == Event(
        "01N",
        "usage.threshold_reached",
        NOON,
        {
            "account_id": "A1",
            "kind": "requests_per_day",
            "period": "2023-11-14",
            "percent": 80,
            "used": 80,
            "limit": 100,
        },
    )


def test_a_cap_is_told_in_money_and_by_the_month() -> None:
    reached = Reached("A1", "spend_cap", 20_454, 50, 1_500_000_000, 3_000_000_000, "EUR")
    data = new_notice("01N", reached, NOON).event.data

    assert data["period"] == "2026-01"
    assert (data["used"], data["limit"], data["currency"]) == ("1.50", "3.00", "EUR")


def test_each_channel_goes_its_own_way() -> None:
    notice = new_notice("01N", Reached("A1", "vins_per_day", DAY, 50, 1, 2), NOON)
    taken = notice.mail.taken_up(NOON)

    assert notice.moved(Channel.MAIL, taken).by(Channel.MAIL) == taken
    assert notice.moved(Channel.MAIL, taken).by(Channel.WEBHOOK) == notice.webhook
    assert notice.moved(Channel.WEBHOOK, taken).webhook == taken
