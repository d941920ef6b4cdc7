"""What makes an account, whoever asks for it."""

import re
import unicodedata

from plg.domain.accounts import NAME_LENGTH_MAX, Account, Email, Role
from plg.domain.errors import InvalidParameter
from plg.domain.ids import new_id
from plg.domain.texts import COMPOSING_MAX

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def parse_name(text: str | None) -> str | None:
    """
    Return the name, blanks around it removed; None where nothing is left.

    Raises:
        InvalidParameter: If it cannot be one.
    """
    name = (text or "").strip()
    if len(name) <= NAME_LENGTH_MAX * COMPOSING_MAX:
        name = unicodedata.normalize("NFC", name)
    if len(name) > NAME_LENGTH_MAX or _UNFIT.search(name):
        raise InvalidParameter(
            "name", f"name must have at most {NAME_LENGTH_MAX} characters, all of them printable."
        )
    return name or None


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
