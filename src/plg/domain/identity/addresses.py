"""
E-mail addresses: which can be one, when two are the same, and by which one mail goes out.

RFC 5321 and 6531 say what an address is, IDNA 2008 and UTS 46 which domains are one. Nothing is
looked up, and addresses of special-use domains (RFC 6761, such as `.test` and `.local`) are fine.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from email_validator import (
    SPECIAL_USE_DOMAIN_NAMES,
    EmailNotValidError,
    ValidatedEmail,
    validate_email,
)

from plg.domain.errors import InvalidParameter
from plg.domain.texts import COMPOSING_MAX

EMAIL_LENGTH_MAX: Final = 254
_NAMED: Final = re.compile(r"[^\s@\x00-\x1f\x7f\ud800-\udfff]+@[^\s@\x00-\x1f\x7f\ud800-\udfff]+")
_FULL_STOPS: Final = (".", "\u3002", "\uff0e", "\uff61")
"""What may end a domain, the root's (UTS 46 reads all of them as a full stop)."""

SPECIAL_USE_DOMAIN_NAMES.clear()  # the library's way to allow them: it has no argument for all


@dataclass(frozen=True, slots=True)
class Email:
    """
    An address that mail can be sent to.

    Attributes:
        address: As it was given, without blanks around it and the root's full stop.
        stored_key: The key that it is kept under; None for the one that it has by itself.
    """

    address: str
    stored_key: str | None = field(default=None, compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read an address that an account is to have; the mail to it proves that there is one.

        Raises:
            InvalidParameter: If it cannot be an address.
        """
        address = _trimmed(text)
        if len(address) > EMAIL_LENGTH_MAX or _validated(address) is None:
            raise InvalidParameter("email", "email must be an address such as ana@example.org.")
        return cls(address)

    @classmethod
    def named(cls, text: str) -> Self:
        """
        Read an address by which an account is looked for: older rules allowed more of them.

        Raises:
            InvalidParameter: If no account ever had such an address.
        """
        address = _trimmed(text, ends=())
        if len(address) > EMAIL_LENGTH_MAX or _NAMED.fullmatch(address) is None:
            raise InvalidParameter("email", "email must be an address such as ana@example.org.")
        return cls(address)

    @property
    def key(self) -> str:
        """The form in which two addresses are the same account."""
        return self.stored_key or canonical_key(self.address)

    @property
    def exact_key(self) -> str:
        """The form in which only the case of letters does not count."""
        return fold_case(self.address)

    @property
    def is_exact(self) -> bool:
        """Whether it finds its account only as it is spelled: another has what it means."""
        return self.stored_key not in (None, canonical_key(self.address))

    @property
    def mailbox(self) -> str:
        """The address with its domain in ASCII, which every mail server takes (RFC 5890)."""
        found = _validated(_trimmed(self.address))
        return self.address if found is None else f"{found.local_part}@{found.ascii_domain}"


def canonical_key(address: str) -> str:
    """
    Return the form in which two addresses are the same account.

    The case of letters does not count, nor how the domain is written (`bücher.example` and
    `xn--bcher-kva.example`, with or without the root's full stop).
    """
    found = _validated(_trimmed(address))
    return fold_case(f"{found.local_part}@{found.domain}" if found else address)


def distinct_keys(addresses: Iterable[tuple[str, str]]) -> dict[str, str]:
    """
    Return a key for each account's id, no two the same.

    Of accounts with one canonical key, that which is spelled so, or else the first, has it. The
    others have their own spelling, by which they are found before the former.

    Args:
        addresses: Ids and addresses; no two of these differ in the case of letters only.
    """
    alike: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for account_id, address in addresses:
        alike[canonical_key(address)].append((account_id, fold_case(address)))
    keys: dict[str, str] = {}
    for canonical, accounts in alike.items():
        keys |= dict(accounts)
        spelled = (account_id for account_id, exact in accounts if exact == canonical)
        keys[next(spelled, accounts[0][0])] = canonical
    return keys


def fold_case(text: str) -> str:
    """Return the text with the case of its letters folded one by one: `ß` is not `ss`."""
    folded = "".join(map(_fold_letter, unicodedata.normalize("NFC", text)))
    return unicodedata.normalize("NFC", folded)


def _fold_letter(letter: str) -> str:
    """Fold as Unicode's simple case folding does (CaseFolding.txt, C and S)."""
    forms = (form for form in (letter.casefold(), letter.lower()) if len(form) == 1)
    return next(forms, letter)


def _trimmed(text: str, *, ends: tuple[str, ...] = _FULL_STOPS) -> str:
    """Return the text in NFC without what does not count; empty where it is far too long."""
    if len(text) > EMAIL_LENGTH_MAX * COMPOSING_MAX:
        return ""
    address = unicodedata.normalize("NFC", text.strip())
    return address[:-1] if address.endswith(ends) else address


def _validated(address: str) -> ValidatedEmail | None:
    try:
        return validate_email(address, strict=True, check_deliverability=False)
    except EmailNotValidError:
        return None
