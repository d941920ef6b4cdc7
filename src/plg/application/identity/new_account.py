"""What makes an account, for every caller."""

from plg.domain.identity.accounts import NAME_LENGTH_MAX, Account, Email, Role
from plg.domain.ids import new_id
from plg.domain.texts import line_of


def parse_name(text: str | None) -> str | None:
    """
    Return the name, blanks around it removed; None where nothing is left.

    Raises:
        InvalidParameter: If it cannot be one.
    """
    return line_of("name", text, NAME_LENGTH_MAX) if text and not text.isspace() else None


def new_account(
    email: Email, name: str | None, role: Role, now: float, *, is_verified: bool
) -> Account:
    """Return an active account without a password."""
    return Account(
        id=new_id(now),
        email=email,
        name=name,
        role=role,
        is_active=True,
        is_verified=is_verified,
        created_at=now,
    )
