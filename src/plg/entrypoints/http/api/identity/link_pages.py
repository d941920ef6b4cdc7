"""The pages behind mailed links: forms without scripts or styles."""

from html import escape
from typing import Final

from plg.domain.errors import Forbidden, InvalidLink, InvalidRequest, PlgError
from plg.domain.identity.passwords import LENGTH_MAX, LENGTH_MIN
from plg.entrypoints.http.protocol.answers import NO_STORE, Answer, content
from plg.entrypoints.http.protocol.problem_kinds import KINDS

HTML: Final = b"text/html; charset=utf-8"
PAGE_POLICY: Final = (
    b"default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_PAGE: Final = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"></head>'
    "<body><h1>{title}</h1>{body}</body></html>"
)
# The action is left out: the form goes to where it came from, behind whatever proxy.
_FORM: Final = (
    '<form method="post" action="?"><input type="hidden" name="token" value="{token}">{fields}'
    '<p><button type="submit">{button}</button></p></form>'
)
_PASSWORD_FIELD: Final = (
    "<p><label>New password, {least} to {most} characters; several unrelated words are good<br>"
    '<input type="password" name="password" autocomplete="new-password" required '
    'minlength="{least}"></label></p>'
)


def page(title: str, body: str, *, status: int = 200) -> Answer:
    """Return a page with this title; the body is HTML already."""
    document = _PAGE.format(title=escape(title), body=body)
    return content(document.encode(), HTML, NO_STORE, status=status, policy=PAGE_POLICY)


def verify_form(token: str) -> str:
    """Return a button that sends the token."""
    button = "Yes, this address is mine"
    return _FORM.format(token=escape(token), fields="", button=button)


def reset_form(token: str) -> str:
    """Return a field for the password, and a button that sends it with the token."""
    fields = _PASSWORD_FIELD.format(least=LENGTH_MIN, most=LENGTH_MAX)
    return _FORM.format(token=escape(token), fields=fields, button="Set this password")


def failure_page(error: PlgError, again: str) -> Answer:
    """Return what went wrong and, where it is of use, the form again."""
    kind = KINDS[error.code]
    is_for_people = isinstance(error, InvalidRequest | Forbidden)
    told = str(error) if is_for_people else kind.detail
    form = "" if isinstance(error, InvalidLink | Forbidden) else again
    body = f"<p>{escape(told)} {escape(kind.advice.replace('`', ''))}</p>{form}"
    return page(kind.title, body, status=kind.status.value)
