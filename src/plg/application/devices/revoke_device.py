"""A device's secret counts no more."""

from dataclasses import dataclass, replace

from plg.application.devices.find_device import own_device
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.access_changes import AccessChange
from plg.application.ports.identity.credential_cache import CredentialCachePort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class RevokeDevice:
    """Ends what a device may do, its sessions with it; to revoke it again changes nothing."""

    work: UnitOfWorkPort
    clock: ClockPort
    remembered: CredentialCachePort

    async def __call__(self, account_id: str, device_id: str, actor: Actor) -> None:
        """
        Revoke the device.

        Raises:
            NotFound: If the account has no such device.
        """
        now = self.clock.now()
        async with self.work.change() as work:
            device = await own_device(work, account_id, device_id)
            if device.revoked_at is not None:
                return
            await work.devices.replace(replace(device, revoked_at=now))
            await work.sessions.end_all(account_id, "device revoked", now, device_id=device_id)
            await work.access_changes.publish(AccessChange(account_id), now)
            target = f"device:{device_id}"
            await work.audit.record(
                AuditRecord(new_id(now), now, actor, Action.DEVICE_REVOKED, target)
            )
        self.remembered.forget(account_id)
