"""A device gets a secret of its own."""

from dataclasses import dataclass, field, replace
from typing import Self

from plg.application.audited_change import AuditedChange, Change
from plg.application.identity.device_secrets import DeviceSecrets
from plg.application.ports.work import Work
from plg.domain.audit import Action, Actor
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

    changes: AuditedChange
    secrets: DeviceSecrets
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
        now = self.changes.clock.now()
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
        async with self.changes(actor) as change:
            work = change.work
            await _check_account(work, account_id)
            held = await work.devices.get(draft.device_id)
            if held is None:
                await _check_room(work, account_id)
                await work.devices.add(fresh)
                device = fresh
            else:
                device = await self._renew(change, held, fresh, draft.proof)
            details = {} if held is None else {"anew": "yes"}
            await change.record(Action.DEVICE_REGISTERED, f"device:{device.id}", details)
        return Registered(device, secret)

    async def _renew(
        self, change: Change, held: Device, fresh: Device, proof: DeviceProof | None
    ) -> Device:
        work, now = change.work, fresh.created_at
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
        await change.outdate(device.account_id)
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
