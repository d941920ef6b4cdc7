"""
Signatures of requests (RFC 9421), as far as devices make them: `hmac-sha256`, verified only.

A signature counts when it covers `@method`, `@authority`, `@path`, `@query`, and `content-digest`
where there is a body, and says when it was `created`, when it `expires`, its `nonce` and its
`keyid`. Header fields may be covered besides, without parameters. What this does not know is
refused, never skipped.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlsplit

from plg.domain.devices.content_digests import digest_matches
from plg.domain.devices.devices import is_device_id
from plg.domain.devices.proofs import NONCE, NONCE_MARGIN_SECONDS, WINDOW_SECONDS
from plg.domain.devices.structured_fields import (
    InnerList,
    Item,
    Member,
    NotUnderstood,
    read_dictionary,
)
from plg.domain.errors import InvalidCredential

ALGORITHM: Final = "hmac-sha256"
DIGEST_FIELD: Final = "content-digest"
INPUT_FIELD: Final = "signature-input"
SIGNATURE_FIELD: Final = "signature"
REQUIRED: Final = ("@method", "@authority", "@path", "@query")
LIFETIME_SECONDS_MAX: Final = 300
COMPONENTS_MAX: Final = 32
_SHOWN_MAX: Final = 64
_PARAMETERS: Final = frozenset({"created", "expires", "nonce", "keyid", "alg", "tag"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_FIELD_NAME: Final = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
_FIELD_VALUE: Final = re.compile(r"[\t -~]*")
_DERIVED_VALUE: Final = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """
    A request, as far as it can be signed.

    Attributes:
        path: As it was sent, still encoded.
        query: As it was sent, without the question mark.
        fields: By lower-case name; lines of one name are joined by a comma and a blank.
    """

    method: str
    path: str
    query: str
    fields: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Signature:
    """
    What a request says of its one signature; nothing of it is proved yet.

    Attributes:
        key_id: The device that claims to have signed.
        covered: The components in their order, and the parameters.
    """

    key_id: str
    nonce: str
    created: int
    expires: int
    covered: InnerList
    value: bytes = field(repr=False)

    @classmethod
    def of(cls, message: SignedMessage) -> Self:
        """
        Read the signature of a request.

        Raises:
            InvalidCredential: If it is malformed, or covers less than it must.
        """
        covered, value = _only_signature(message.fields)
        _check_names(covered, has_body=bool(message.body))
        given = covered.parameters
        unknown = sorted(given.keys() - _PARAMETERS)
        if unknown:
            raise InvalidCredential(
                f"The signature has the unknown parameter {unknown[0][:_SHOWN_MAX]}."
            )
        if given.get("alg", ALGORITHM) != ALGORITHM:
            raise InvalidCredential(f"The signature's alg must be {ALGORITHM}.")
        key_id, nonce = _text(covered, "keyid"), _text(covered, "nonce")
        if not is_device_id(key_id):
            raise InvalidCredential("The signature's keyid must be a device id.")
        if not NONCE.fullmatch(nonce):
            raise InvalidCredential("The signature's nonce must have 16 to 64 visible characters.")
        created, expires = _seconds(covered, "created"), _seconds(covered, "expires")
        return cls(key_id, nonce, created, expires, covered, value)

    @property
    def nonce_expires_at(self) -> float:
        """Until when its nonce must be remembered."""
        return float(self.expires + NONCE_MARGIN_SECONDS)

    def check_time(self, now: float) -> None:
        """
        Check that it counts at this instant; every bound itself is within.

        Raises:
            InvalidCredential: If it was created more than 300 seconds ago or ahead, is to live
                longer than 300 seconds, or has expired.
        """
        if not now - WINDOW_SECONDS <= self.created <= now + WINDOW_SECONDS:
            raise InvalidCredential(
                f"The signature's created is more than {WINDOW_SECONDS} seconds off."
            )
        if not 0 < self.expires - self.created <= LIFETIME_SECONDS_MAX:
            raise InvalidCredential(
                f"The signature must expire 1 to {LIFETIME_SECONDS_MAX} seconds after created."
            )
        if now > self.expires:
            raise InvalidCredential("The signature has expired.")

    def check_body(self, message: SignedMessage) -> None:
        """
        Check the body against its digest, where the signature covers one.

        Raises:
            InvalidCredential: If they differ.
        """
        if not any(item.value == DIGEST_FIELD for item in self.covered.items):
            return
        try:
            is_right = digest_matches(message.fields.get(DIGEST_FIELD, ""), message.body)
        except NotUnderstood as error:
            raise InvalidCredential(f"Content-Digest cannot be read: {error}.") from None
        if not is_right:
            raise InvalidCredential("Content-Digest is not the sha-256 or sha-512 of the body.")

    def base(self, message: SignedMessage, authority: str) -> str:
        """
        Return what was signed (RFC 9421, 2.5).

        Raises:
            InvalidCredential: If a covered component is not there, or cannot be signed.
        """
        lines = [
            f"{item}: {_value_of(str(item.value), message, authority)}"
            for item in self.covered.items
        ]
        return "\n".join([*lines, f'"@signature-params": {self.covered}'])

    def is_made_with(self, key: bytes, base: str) -> bool:
        """Tell whether it was made with this key; takes the same time either way."""
        return hmac.compare_digest(hmac.digest(key, base.encode(), "sha256"), self.value)


def authority_of(base_url: str) -> str:
    """Return the `@authority` of an address: lower case, without the scheme's own port."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)}:
        return host
    return f"{host}:{parts.port}"


def _only_signature(fields: Mapping[str, str]) -> tuple[InnerList, bytes]:
    inputs, values = _dictionary(fields, INPUT_FIELD), _dictionary(fields, SIGNATURE_FIELD)
    if len(inputs) != 1 or inputs.keys() != values.keys():
        raise InvalidCredential(
            "Signature-Input and Signature must carry one signature, under the same label."
        )
    ((covered, value),) = zip(inputs.values(), values.values(), strict=True)
    if not isinstance(covered, InnerList):
        raise InvalidCredential("Signature-Input must be a list of covered components.")
    if not isinstance(value, Item) or not isinstance(value.value, bytes):
        raise InvalidCredential("Signature must be a byte sequence.")
    return covered, value.value


def _dictionary(fields: Mapping[str, str], name: str) -> dict[str, Member]:
    shown = name.title()
    if name not in fields:
        raise InvalidCredential(f"The request is signed only in part: {shown} is not there.")
    try:
        return read_dictionary(fields[name])
    except NotUnderstood as error:
        raise InvalidCredential(f"{shown} cannot be read: {error}.") from None


def _check_names(covered: InnerList, *, has_body: bool) -> None:
    names = [item.value for item in covered.items]
    for item in covered.items:
        name = item.value
        is_known = isinstance(name, str) and (name in REQUIRED or _FIELD_NAME.fullmatch(name))
        if not is_known or item.parameters:
            raise InvalidCredential(
                f"The component {str(item)[:_SHOWN_MAX]} cannot be covered here."
            )
    if len(set(names)) < len(names) or len(names) > COMPONENTS_MAX:
        raise InvalidCredential("A signature covers a component once, and at most 32 of them.")
    wanted = (*REQUIRED, DIGEST_FIELD) if has_body else REQUIRED
    missing = [name for name in wanted if name not in names]
    if missing:
        raise InvalidCredential(f"The signature must cover {', '.join(missing)}.")


def _text(covered: InnerList, name: str) -> str:
    value = covered.parameters.get(name)
    if not isinstance(value, str):
        raise InvalidCredential(f"The signature's {name} must be there, as a string.")
    return value


def _seconds(covered: InnerList, name: str) -> int:
    value = covered.parameters.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidCredential(f"The signature's {name} must be there, as an integer.")
    return value


def _value_of(name: str, message: SignedMessage, authority: str) -> str:
    if name.startswith("@"):
        value = _derived(name, message, authority)
        is_sound = _DERIVED_VALUE.fullmatch(value)
    else:
        if name not in message.fields:
            raise InvalidCredential(
                f"The signature covers {name[:_SHOWN_MAX]}, which was not sent."
            )
        value = message.fields[name].strip(" \t")
        is_sound = _FIELD_VALUE.fullmatch(value)
    if not is_sound:
        raise InvalidCredential(
            f"The signature covers {name[:_SHOWN_MAX]}, which is not visible ASCII."
        )
    return value


def _derived(name: str, message: SignedMessage, authority: str) -> str:
    return {
        "@method": message.method,
        "@authority": authority,
        "@path": message.path or "/",
        "@query": f"?{message.query}",
    }[name]
