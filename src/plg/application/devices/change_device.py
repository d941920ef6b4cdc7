"""A device gets another name or platform."""

from dataclasses import dataclass, replace
from typing import Self

from plg.application.audited_change import AuditedChange
from plg.application.devices.find_device import own_device
from plg.domain.audit import Action, Actor
from plg.domain.devices.devices import UNCHANGED, Device, Unchanged, checked_name, checked_platform


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """What a device is to be called and to run on; None takes it away."""

    name: str | Unchanged | None = UNCHANGED
    platform: str | Unchanged | None = UNCHANGED

    @classmethod
    def parse(
        cls,
        name: str | Unchanged | None = UNCHANGED,
        platform: str | Unchanged | None = UNCHANGED,
    ) -> Self:
        """
        Take what somebody sent.

        Raises:
            InvalidParameter: If name or platform cannot be used.
        """
        return cls(
            UNCHANGED if name is UNCHANGED else checked_name(name),
            UNCHANGED if platform is UNCHANGED else checked_platform(platform),
        )

    def applied_to(self, device: Device) -> Device:
        """Return the device with the change made."""
        return replace(
            device,
            name=device.name if self.name is UNCHANGED else self.name,
            platform=device.platform if self.platform is UNCHANGED else self.platform,
        )


@dataclass(frozen=True, slots=True)
class ChangeDevice:
    """Renames a device; its secret and what it may do stay."""

    changes: AuditedChange

    async def __call__(
        self, account_id: str, device_id: str, wanted: DeviceChange, actor: Actor
    ) -> Device:
        """
        Return the device as it is then.

        Raises:
            NotFound: If the account has no such device.
        """
        async with self.changes(actor) as change:
            held = await own_device(change.work, account_id, device_id)
            device = wanted.applied_to(held)
            if device == held:
                return held
            await change.work.devices.replace(device)
            await change.record(Action.DEVICE_CHANGED, f"device:{device.id}")
        return device
