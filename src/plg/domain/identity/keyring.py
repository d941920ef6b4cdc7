"""Keys for each purpose, derived from the operator's secret."""

import hmac
from typing import Final

KEY_LENGTH: Final = 32
_HASH: Final = "sha256"
_HASH_LENGTH: Final = 32
_SALT: Final = b"plg"
_ID_INFO: Final = b"id"
_KEY_INFO: Final = b"key:"
_ID_BYTES: Final = 4


def hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    """
    Return key material after RFC 5869, with SHA-256.

    Raises:
        ValueError: If more than 255 hashes' worth is asked for.
    """
    if length > 255 * _HASH_LENGTH:
        raise ValueError("HKDF gives at most 255 hashes' worth")
    extracted = hmac.digest(salt or bytes(_HASH_LENGTH), secret, _HASH)
    block, made = b"", b""
    for counter in range(1, -(-length // _HASH_LENGTH) + 1):
        block = hmac.digest(extracted, block + info + bytes((counter,)), _HASH)
        made += block
    return made[:length]


class Keyring:
    """
    The secret that is set and those before it, each known by its pepper id.

    Every purpose has a key of its own, so that what is made for one proves nothing for another.
    No two keys are alike, and none tells anything of the secret.
    """

    __slots__ = ("_keys", "_secrets", "pepper_id")

    def __init__(self, current: str, previous: tuple[str, ...] = ()) -> None:
        self._keys: dict[tuple[str, str], bytes] = {}
        self._secrets: dict[str, bytes] = {}
        for secret in (current, *previous):
            raw = secret.encode()
            self._secrets.setdefault(_derived(raw, _ID_INFO)[:_ID_BYTES].hex(), raw)
        self.pepper_id = next(iter(self._secrets))

    @property
    def pepper_ids(self) -> tuple[str, ...]:
        """The ids of all secrets, that of the current one first."""
        return tuple(self._secrets)

    def derive(self, purpose: str, pepper_id: str | None = None) -> bytes:
        """
        Return the key for a purpose under a secret, the current one unless another is named.

        Raises:
            KeyError: If no secret that is set has this id.
        """
        name = (self.pepper_id if pepper_id is None else pepper_id), purpose
        key = self._keys.get(name)
        if key is None:
            info = _KEY_INFO + purpose.encode()
            key = self._keys[name] = _derived(self._secrets[name[0]], info)
        return key

    def digest(self, purpose: str, message: bytes, pepper_id: str | None = None) -> bytes:
        """
        Return the HMAC-SHA256 of a message under the key for a purpose.

        Raises:
            KeyError: If no secret that is set has this id.
        """
        return hmac.digest(self.derive(purpose, pepper_id), message, _HASH)

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self._secrets)})"


def _derived(secret: bytes, info: bytes) -> bytes:
    return hkdf(secret, salt=_SALT, info=info, length=KEY_LENGTH)
