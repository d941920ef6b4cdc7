"""A device, for who owns it."""

from dataclasses import dataclass

from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.devices.devices import Device, is_device_id
from plg.domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class FindDevice:
    """Shows an account one of its devices; those of others are not there."""

    work: UnitOfWorkPort

    async def __call__(self, account_id: str, device_id: str) -> Device:
        """
        Return the device.

        Raises:
            NotFound: If the account has no such device.
        """
        async with self.work.look() as work:
            return await own_device(work, account_id, device_id)


async def own_device(work: Work, account_id: str, device_id: str) -> Device:
    """
    Return the account's device.

    Raises:
        NotFound: If the account has no such device.
    """
    device = await work.devices.get(device_id) if is_device_id(device_id) else None
    if device is None or device.account_id != account_id:
        raise NotFound("The account has no device with this id.")
    return device
