"""Secrets at rest, encrypted with AES-256-GCM."""

import base64
import binascii
import os
import re
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from plg.application.ports.identity.sealing import SealPort
from plg.domain.errors import SealBroken
from plg.domain.identity.keyring import Keyring

_FORM: Final = re.compile(r"v1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+={0,2})")
_NONCE_BYTES: Final = 12
_PURPOSE: Final = "seal"


class AesSeal(SealPort):
    """
    Seals under the current secret, and opens what was sealed under any that is set.

    The text is `v1.<pepper id>.<base64url of nonce, ciphertext and tag>`; the context is
    authenticated with it. Random nonces of 96 bits are safe for 2^32 seals under one secret.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._current = keyring.pepper_id
        self._ciphers = {
            pepper_id: AESGCM(keyring.derive(_PURPOSE, pepper_id))
            for pepper_id in keyring.pepper_ids
        }

    def seal(self, clear: bytes, context: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._ciphers[self._current].encrypt(nonce, clear, context.encode())
        return f"v1.{self._current}.{base64.urlsafe_b64encode(sealed).decode()}"

    @property
    def prefixes(self) -> tuple[str, ...]:
        return tuple(f"v1.{pepper_id}." for pepper_id in self._ciphers)

    def is_current(self, sealed: str) -> bool:
        """Tell whether it was sealed under the current secret."""
        return sealed.startswith(f"v1.{self._current}.")

    def open(self, sealed: str, context: str) -> bytes:
        match = _FORM.fullmatch(sealed)
        if match is None:
            raise SealBroken(f"what is sealed for {context} is in no known form")
        cipher = self._ciphers.get(match[1])
        if cipher is None:
            raise SealBroken(
                f"what is sealed for {context} needs the secret with the id {match[1]}: "
                "set it in SECRET_KEY_PREVIOUS"
            )
        try:
            raw = base64.urlsafe_b64decode(match[2])
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise SealBroken(f"what is sealed for {context} was changed") from error
