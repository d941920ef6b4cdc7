"""From a credential to a caller."""

import hashlib
from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import Final

from plg.application.identity.credential_cache import CachedCaller, CredentialCache
from plg.application.identity.key_uses import KeyUses
from plg.application.identity.verify_access_token import VerifyAccessToken
from plg.application.identity.verify_key import VerifyKey
from plg.application.identity.verify_signature import Signed, VerifySignature
from plg.application.ports.clock import ClockPort
from plg.domain.devices.signatures import SignedMessage
from plg.domain.errors import ForbiddenNetwork, InvalidCredential
from plg.domain.identity.access import ONLY_BUILT_IN, SERVICE_SCOPES, Caller, ScopeCatalogue
from plg.domain.identity.api_key_format import PREFIX

DIGEST_BYTES: Final = 32
TOKEN_DOTS: Final = 2
"""In an access token (RFC 7515, 7.1)."""
SERVICE: Final = Caller("service", SERVICE_SCOPES, is_limited=False)
"""Who sends the service key, where no resource is declared."""


@dataclass(frozen=True, slots=True)
class Verifiers:
    """What finds out, by look-up or computation, whose a credential is."""

    key: VerifyKey
    access_token: VerifyAccessToken
    signature: VerifySignature


class IdentifyCaller:
    """
    Tells who a credential belongs to.

    Only keyed digests are kept and compared, in constant time: the time of an answer says
    nothing about how much of a guess was right.

    Args:
        pepper: The secret key of the digests (BLAKE2b, RFC 7693), at most 64 bytes.
        service_key: The operator's own key, if one is set.
        catalogue: The scopes that there are.
    """

    def __init__(
        self,
        pepper: bytes,
        service_key: str | None,
        verifiers: Verifiers,
        memory: CredentialCache,
        uses: KeyUses,
        clock: ClockPort,
        catalogue: ScopeCatalogue = ONLY_BUILT_IN,
    ) -> None:
        self._pepper = pepper
        self._service_digest = None if service_key is None else self.digest(service_key.encode())
        self._verify = verifiers
        self._memory = memory
        self._uses = uses
        self._clock = clock
        self._catalogue = catalogue
        self._service = SERVICE

    def digest(self, credential: bytes) -> bytes:
        """Return what a credential is remembered under."""
        return hashlib.blake2b(credential, key=self._pepper, digest_size=DIGEST_BYTES).digest()

    def recall(self, digest: bytes, address: str, now: float) -> Caller | None:
        """Return whose credential has this digest when that is certain at once, else None."""
        remembered = self._memory.recall(digest, now)
        if remembered is None:
            is_service = self._service_digest is not None and compare_digest(
                digest, self._service_digest
            )
            return self._service_caller() if is_service else None
        if remembered.allowed_networks and not remembered.admits(address):
            return None
        if now >= remembered.noted_until:
            remembered.noted_until = self._uses.note(remembered.caller, now, address)
        return remembered.caller

    def _service_caller(self) -> Caller:
        if self._service.scopes is not self._catalogue.service:
            self._service = replace(SERVICE, scopes=self._catalogue.service)
        return self._service

    async def __call__(self, credential: bytes, address: str) -> Caller:
        """
        Return the caller.

        Raises:
            InvalidCredential: If the credential proves nothing.
            ForbiddenNetwork: If it may not be used from the address.
            StorageUnavailable: If that cannot be found out.
        """
        digest = self.digest(credential)
        now = self._clock.now()
        caller = self.recall(digest, address, now)
        if caller is not None:
            return caller
        token = self._memory.begin()
        verified = await self._verified(credential, address)
        self._memory.keep(token, digest, verified, now)
        if not verified.admits(address):
            raise ForbiddenNetwork("The credential may not be used from this address.")
        verified.noted_until = self._uses.note(verified.caller, now, address)
        return verified.caller

    async def by_signature(self, message: SignedMessage) -> Signed:
        """
        Return the device that signed a request, which counts once: `spend` it before an answer.

        Raises:
            InvalidCredential: If the signature proves nothing, or came before.
            StorageUnavailable: If that cannot be found out.
        """
        return await self._verify.signature(message)

    async def spend(self, signed: Signed) -> None:
        """
        Have a signed request count, once its caller's limits let it pass.

        Raises:
            InvalidCredential: If it came before, or the device has been revoked since.
            StorageUnavailable: If that cannot be found out.
        """
        await self._verify.signature.spend(signed)

    async def _verified(self, credential: bytes, address: str) -> CachedCaller:
        if credential.startswith(PREFIX.encode()):
            verified = await self._verify.key(credential, address)
            return CachedCaller(
                verified.caller,
                verified.account_id,
                verified.valid_until,
                verified.allowed_networks,
            )
        if credential.count(b".") < TOKEN_DOTS:
            raise InvalidCredential(
                "This is no key or access token of this gateway. A key begins with plg_live_, or "
                "is the operator's own: check that it was copied whole."
            )
        caller, valid_until = await self._verify.access_token(credential.decode("latin-1"))
        return CachedCaller(caller, caller.account_id or "", valid_until)
