"""The devices of an account."""

from dataclasses import dataclass

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.devices import Device


@dataclass(frozen=True, slots=True)
class ListDevices:
    """Shows an account its devices, revoked ones too."""

    work: UnitOfWorkPort

    async def __call__(self, account_id: str, *, after: str | None, limit: int) -> list[Device]:
        """Return devices by ascending id, from the one after `after`."""
        async with self.work.look() as work:
            return await work.devices.page(account_id, after=after, limit=limit)
