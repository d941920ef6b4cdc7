"""Scopes as a text, and back."""

from plg.domain.identity.access import Scopes


def to_scopes(text: str) -> Scopes:
    """Return the scopes of a text that blanks separate, also those that there are no more."""
    return frozenset(text.split())


def scopes_text(scopes: Scopes) -> str:
    """Return scopes as the one text there is for them."""
    return " ".join(sorted(scopes))
