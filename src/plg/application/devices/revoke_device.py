"""A device's secret counts no more."""

from dataclasses import dataclass, replace

from plg.application.audited_change import AuditedChange
from plg.application.devices.find_device import own_device
from plg.domain.audit import Action, Actor


@dataclass(frozen=True, slots=True)
class RevokeDevice:
    """Ends what a device may do, its sessions with it; to revoke it again changes nothing."""

    changes: AuditedChange

    async def __call__(self, account_id: str, device_id: str, actor: Actor) -> None:
        """
        Revoke the device.

        Raises:
            NotFound: If the account has no such device.
        """
        async with self.changes(actor) as change:
            work, now = change.work, change.now
            device = await own_device(work, account_id, device_id)
            if device.revoked_at is not None:
                return
            await work.devices.replace(replace(device, revoked_at=now))
            await work.sessions.end_all(account_id, "device revoked", now, device_id=device_id)
            await change.record(Action.DEVICE_REVOKED, f"device:{device_id}")
            await change.outdate(account_id)
