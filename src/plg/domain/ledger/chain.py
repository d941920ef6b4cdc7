"""
The chain of an account's usage records: if one is changed, later ones no longer fit.

Each record is sealed with a MAC over the MAC of the one before it and its own canonical form,
which no database's types influence:

    8-byte signed big-endian integers    version of this form, sequence, at, day, units, unit price,
                                         plan version, requests, vins, voids (0: none), group_first
    8-byte signed big-endian integers    lengths in bytes of the texts below; -1 for none
    32 bytes                             digest of the record key
    UTF-8, one after the other           account id, id, key id, resource, metered, currency,
                                         plan code, request id

The record key stands in it as a keyed digest, so that it can be erased and the chain still holds.
"""

import hashlib
import hmac
from struct import Struct
from typing import Final

from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.usage import UsageRecord

GENESIS: Final = bytes(32)
"""What stands before an account's first record."""

_VERSION: Final = 1
_NUMBERS: Final = Struct(">19q")
_NONE: Final = -1
_CHAIN: Final = "ledger"
_RECORD_KEYS: Final = "ledger-record-keys"
_CHECKPOINTS: Final = "ledger-checkpoints"
_BLOCK: Final = 64
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))


def canonical(record: UsageRecord, key_digest: bytes) -> bytes:
    """Return what is sealed of a record."""
    (
        account_id, sequence, id_, at, day, key_id, resource, _, metered, units, unit_price,
        currency, plan_code, plan_version, request_id, requests, vins, voids, group,
    ) = record  # fmt: skip
    key = key_id or ""
    text = f"{account_id}{id_}{key}{resource}{metered}{currency}{plan_code}{request_id}"
    size = len if text.isascii() else _size
    numbers = _NUMBERS.pack(
        _VERSION, sequence, at, day, units, unit_price, plan_version, requests, vins, voids or 0,
        group, size(account_id), size(id_), _NONE if key_id is None else size(key),
        size(resource), size(metered), size(currency), size(plan_code), size(request_id),
    )  # fmt: skip
    return numbers + key_digest + text.encode()


class LedgerChain:
    """Seals records under the current secret, and knows what those before it sealed."""

    __slots__ = ("_checkpoints", "_keys", "pepper_id")

    def __init__(self, keyring: Keyring) -> None:
        self.pepper_id = keyring.pepper_id
        self._keys = {
            pepper_id: Sealer(
                keyring.derive(_CHAIN, pepper_id), keyring.derive(_RECORD_KEYS, pepper_id)
            )
            for pepper_id in keyring.pepper_ids
        }
        self._checkpoints = {
            pepper_id: keyring.derive(_CHECKPOINTS, pepper_id) for pepper_id in keyring.pepper_ids
        }

    def sealer(self, pepper_id: str | None = None) -> "Sealer":
        """
        Return what seals under a secret, the current one unless another is named.

        Raises:
            KeyError: If no secret that is set has this id.
        """
        return self._keys[self.pepper_id if pepper_id is None else pepper_id]

    def seal_checkpoint(self, form: bytes, pepper_id: str) -> bytes:
        """
        Return the MAC of a checkpoint.

        Raises:
            KeyError: If no secret that is set has this id.
        """
        return hmac.digest(self._checkpoints[pepper_id], form, "sha256")


class Sealer:
    """The keys of one secret, made ready: an HMAC is two hashes that go on from copies."""

    __slots__ = ("_inner", "_outer", "_record_keys")

    def __init__(self, chain: bytes, record_keys: bytes) -> None:
        padded = chain.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(padded.translate(_INNER))
        self._outer = hashlib.sha256(padded.translate(_OUTER))
        self._record_keys = hashlib.blake2b(key=record_keys, digest_size=32)

    def key_digest(self, record_id: str, record_key: str) -> bytes:
        """Return what stands for a record key; two records of one key have different ones."""
        digest = self._record_keys.copy()
        digest.update(f"{record_id}:{record_key}".encode())
        return digest.digest()

    def seal(self, head: bytes, record: UsageRecord, key_digest: bytes | None = None) -> bytes:
        """
        Return the MAC of a record that follows the one whose MAC is given.

        Args:
            head: The MAC before; GENESIS for an account's first record.
            record: What follows.
            key_digest: Of a record key that was erased.
        """
        if key_digest is None:
            key_digest = self.key_digest(record.id, record.record_key or "")
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(head + canonical(record, key_digest))
        outer.update(inner.digest())
        return outer.digest()


def _size(text: str) -> int:
    return len(text.encode())
