"""What accounts are written."""

from plg.application.identity.mailed_links import Links
from plg.application.ports.identity.mailed_links import Purpose
from plg.application.ports.notices.mail import Mail
from plg.domain.identity.accounts import Email


def verification(links: Links, email: Email, token: str) -> Mail:
    """Return the letter whose link proves that the address is its reader's."""
    url = links.url(Purpose.VERIFY_EMAIL, token)
    return Mail(
        email.address,
        "Verify your address",
        "Somebody, probably you, uses this address for an account. Follow this link and confirm\n"
        f"that it is yours:\n\n{url}\n\n"
        "It works once, for 48 hours. If it was not you, ignore this message.\n\n"
        f"A program may send it as JSON: {_json_line(url, token)}\n",
    )


def password_reset(links: Links, email: Email, token: str) -> Mail:
    """Return the letter whose link lets its reader set a password."""
    url = links.url(Purpose.RESET_PASSWORD, token)
    more = ', "password": "..."'
    return Mail(
        email.address,
        "Set your password",
        "Somebody, probably you, asked to set the password of your account. Follow this link to\n"
        f"do so:\n\n{url}\n\n"
        "It works once, for one hour. If it was not you, ignore this message: nothing changes.\n\n"
        f"A program may send it as JSON: {_json_line(url, token, more)}\n",
    )


def password_changed(email: Email) -> Mail:
    """Return the letter that tells an owner, who may not have done it."""
    return Mail(
        email.address,
        "Your password was changed",
        "The password of your account was changed, and every session was ended.\n\n"
        "If it was not you, set a new password with POST /api/v1/auth/password/forgot, and tell\n"
        "the operator.\n",
    )


def email_changed(old: Email) -> Mail:
    """Return the letter that tells the owner at the address that is no longer the account's."""
    return Mail(
        old.address,
        "The address of your account was changed",
        "Your account has another address now, and this one no longer belongs to it.\n\n"
        "If it was not you, tell the operator at once.\n",
    )


def _json_line(url: str, token: str, more: str = "") -> str:
    body = f'{{"token": "{token}"{more}}}'
    return f"POST {url.partition('?')[0]}\n{body}"
