"""A device gets another name or platform."""

from dataclasses import dataclass, replace
from typing import Self

from plg.application.devices.find_device import own_device
from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import Action, Actor, AuditRecord
from plg.domain.devices.devices import UNCHANGED, Device, Unchanged, checked_name, checked_platform
from plg.domain.ids import new_id


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

    work: UnitOfWorkPort
    clock: ClockPort

    async def __call__(
        self, account_id: str, device_id: str, change: DeviceChange, actor: Actor
    ) -> Device:
        """
        Return the device as it is then.

        Raises:
            NotFound: If the account has no such device.
        """
        now = self.clock.now()
        async with self.work.change() as work:
            held = await own_device(work, account_id, device_id)
            device = change.applied_to(held)
            if device == held:
                return held
            await work.devices.replace(device)
            target = f"device:{device.id}"
            await work.audit.record(
                AuditRecord(new_id(now), now, actor, Action.DEVICE_CHANGED, target)
            )
        return device
