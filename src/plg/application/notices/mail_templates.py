"""What accounts are written about their limits."""

from typing import Final

from plg.application.ports.notices.mail import Mail
from plg.domain.identity.accounts import Email
from plg.domain.notices.notices import Notice
from plg.domain.notices.thresholds import ALL, Limit

_WHAT: Final = {
    Limit.REQUESTS: "requests of the day",
    Limit.VINS: "different records of the day",
    Limit.SPEND: "spend cap",
}
_RESETS: Final = {
    Limit.REQUESTS: "It begins anew at 00:00 UTC.",
    Limit.VINS: "It begins anew at 00:00 UTC.",
    Limit.SPEND: "It begins anew with the month, in UTC.",
}


def threshold_reached(notice: Notice, email: Email, base_url: str) -> Mail:
    """Return the letter that says how much of a limit is used."""
    reached, what = notice.reached, _what(notice)
    unit = "" if reached.currency is None else f" {reached.currency}"
    used, most = notice.amount(reached.used), notice.amount(reached.most)
    end = _end(notice)
    return Mail(
        email.address,
        f"{reached.percent} % of your {what} used",
        f"The account {email.address} ({reached.account_id}) has used {reached.percent} % of its\n"
        f"{what}: {used}{unit} of {most}{unit}, period {notice.period}.\n\n"
        f"{end}{_RESETS[notice.kind]} You are told once in each period.\n\n"
        "What is used and left now, as JSON:\n\n"
        f"{base_url}/api/v1/billing/usage\n",
        notice.id,
    )


def _what(notice: Notice) -> str:
    resource = notice.reached.resource
    return _WHAT[notice.kind] + (f" for {resource}" if resource else "")


def _end(notice: Notice) -> str:
    if notice.reached.percent < ALL:
        return ""
    if notice.kind.is_daily:
        return "No more are answered. "
    if notice.reached.used < notice.reached.most:
        return "An answer was refused: what is left is less than it costs. "
    return "A cap that blocks refuses what goes beyond it. "
