"""A device gets a secret of its own."""

from dataclasses import dataclass, field, replace
from typing import Self

from plg.application.identity.device_secrets import DeviceSecrets
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.access_changes import AccessChange
from plg.application.ports.identity.credential_cache import CredentialCachePort
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.devices.devices import (
    DEVICES_MAX,
    Device,
    checked_id,
    checked_name,
    checked_platform,
    new_secret,
    scopes_under,
)
from plg.domain.devices.proofs import DeviceProof
from plg.domain.errors import DeviceTaken, InvalidCredential, TooManyHeld
from plg.domain.identity.access import ONLY_BUILT_IN, ScopeCatalogue, Scopes
from plg.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class NewDevice:
    """
    What is to be registered.

    Attributes:
        proof: Made with the device's present secret; needed where the id is registered.
    """

    device_id: str
    name: str | None = None
    platform: str | None = None
    proof: DeviceProof | None = None

    @classmethod
    def parse(
        cls,
        device_id: str,
        name: str | None = None,
        platform: str | None = None,
        proof: DeviceProof | None = None,
    ) -> Self:
        """
        Take what somebody sent.

        Raises:
            InvalidParameter: If id, name or platform cannot be used.
        """
        return cls(checked_id(device_id), checked_name(name), checked_platform(platform), proof)


@dataclass(frozen=True, slots=True)
class Registered:
    """A device, and the only sight of its secret."""

    device: Device
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RegisterDevice:
    """
    Gives a device a fresh secret, under a new id or, with a proof, under its own.

    Registering anew ends what the old secret began, and brings a revoked device back.
    """

    work: UnitOfWorkPort
    secrets: DeviceSecrets
    clock: ClockPort
    remembered: CredentialCachePort
    catalogue: ScopeCatalogue = ONLY_BUILT_IN

    async def __call__(
        self, draft: NewDevice, account_id: str, maker: Scopes, actor: Actor
    ) -> Registered:
        """
        Return the device with its secret.

        Raises:
            DeviceTaken: If the id is another account's, or the proof is missing or wrong.
            TooManyHeld: If the account has as many devices as it may.
        """
        now = self.clock.now()
        secret = new_secret()
        fresh = Device(
            id=draft.device_id,
            account_id=account_id,
            name=draft.name,
            platform=draft.platform,
            scopes=scopes_under(maker, self.catalogue),
            sealed_secret=self.secrets.sealed(draft.device_id, secret),
            created_at=now,
        )
        async with self.work.change() as work:
            await _check_account(work, account_id)
            held = await work.devices.get(draft.device_id)
            if held is None:
                await _check_room(work, account_id)
                await work.devices.add(fresh)
                device = fresh
            else:
                device = await self._renew(work, held, fresh, draft.proof)
            await work.audit.record(_record(device, actor, now, is_renewed=held is not None))
        self.remembered.forget(account_id)
        return Registered(device, secret)

    async def _renew(
        self, work: Work, held: Device, fresh: Device, proof: DeviceProof | None
    ) -> Device:
        now = fresh.created_at
        if held.account_id != fresh.account_id:
            raise DeviceTaken("Another account has a device with this id.")
        if not await self._is_proved(work, held, proof, now):
            raise DeviceTaken(
                "The device is registered: to register it anew takes a proof with its secret."
            )
        if held.revoked_at is not None:
            await _check_room(work, held.account_id)
        device = replace(
            held,
            name=fresh.name or held.name,
            platform=fresh.platform or held.platform,
            scopes=fresh.scopes,
            sealed_secret=fresh.sealed_secret,
            revoked_at=None,
        )
        await work.devices.replace(device)
        await work.sessions.end_all(
            device.account_id, "device registered anew", now, device_id=device.id
        )
        await work.access_changes.publish(AccessChange(device.account_id), now)
        return device

    async def _is_proved(
        self, work: Work, held: Device, proof: DeviceProof | None, now: float
    ) -> bool:
        if proof is None or not proof.is_timely(now):
            return False
        if not proof.is_made_with(self.secrets.key_of(held), held.id):
            return False
        return await work.devices.spend_nonce(held.id, proof.nonce, proof.nonce_expires_at)


async def _check_account(work: Work, account_id: str) -> None:
    # Held until the end, so that two registrations at once do not both find room for one more.
    account = await work.accounts.get(account_id)
    if account is None or not account.is_active:
        raise InvalidCredential("The credential is not valid.")


async def _check_room(work: Work, account_id: str) -> None:
    if await work.devices.count(account_id) >= DEVICES_MAX:
        raise TooManyHeld(f"The account has {DEVICES_MAX} devices, as many as it may.")


def _record(device: Device, actor: Actor, now: float, *, is_renewed: bool) -> AuditRecord:
    details = {"anew": "yes"} if is_renewed else {}
    target = f"device:{device.id}"
    return AuditRecord(new_id(now), now, actor, Action.DEVICE_REGISTERED, target, details)
