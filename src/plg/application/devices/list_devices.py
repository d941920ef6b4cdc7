"""The devices of an account."""

from dataclasses import dataclass

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.devices.devices import Device, is_device_id
from plg.domain.errors import InvalidParameter


@dataclass(frozen=True, slots=True)
class ListDevices:
    """Shows an account its devices, revoked ones too."""

    work: UnitOfWorkPort

    async def __call__(self, account_id: str, *, after: str | None, limit: int) -> list[Device]:
        """
        Return devices by ascending id, from the one after `after`.

        Raises:
            InvalidParameter: If `after` cannot be the id of a device.
        """
        if after is not None and not is_device_id(after):
            raise InvalidParameter("cursor", "cursor must be the next_cursor of a page.")
        async with self.work.look() as work:
            return await work.devices.page(account_id, after=after, limit=limit)
