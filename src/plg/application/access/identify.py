"""From a credential to a caller."""

import hashlib
from hmac import compare_digest
from typing import Final

from plg.domain.access import SERVICE_SCOPES, Caller
from plg.domain.errors import InvalidCredential

DIGEST_BYTES: Final = 32
SERVICE: Final = Caller("service", SERVICE_SCOPES)


class IdentifyCaller:
    """
    Tells who a credential belongs to.

    Only keyed digests are kept and compared, in constant time: the time of an answer says
    nothing about how much of a guess was right.

    Args:
        pepper: The secret key of the digests (BLAKE2b, RFC 7693), at most 64 bytes.
        service_key: The operator's own key, if one is set.
    """

    def __init__(self, pepper: bytes, service_key: str | None) -> None:
        self._pepper = pepper
        self._service_digest = None if service_key is None else self._digest(service_key.encode())

    def recall(self, credential: bytes) -> Caller | None:
        """Return the caller when that is certain at once, else None."""
        if self._service_digest is not None and compare_digest(
            self._digest(credential), self._service_digest
        ):
            return SERVICE
        return None

    async def __call__(self, credential: bytes) -> Caller:
        """
        Return the caller.

        Raises:
            InvalidCredential: If the credential proves nothing.
        """
        caller = self.recall(credential)
        if caller is None:
            raise InvalidCredential("The credential is not valid.")
        return caller

    def _digest(self, credential: bytes) -> bytes:
        return hashlib.blake2b(credential, key=self._pepper, digest_size=DIGEST_BYTES).digest()
