"""The devices of any account, for admins."""

from dataclasses import dataclass

from plg.application.identity.show_account import ShowAccount
from plg.container.devices import DeviceUseCases
from plg.domain.errors import NotFound
from plg.entrypoints.http.api.devices.device_views import (
    DEVICE_EXAMPLE,
    DeviceIdInPath,
    DeviceView,
    device_view,
)
from plg.entrypoints.http.api.identity.users import ADMIN, TAG, AccountId
from plg.entrypoints.http.arguments import Ask
from plg.entrypoints.http.queries import ListQuery
from plg.entrypoints.http.routes import Page, Routes

of_account = Routes("/api/v1/users/{id}/devices", ADMIN, tag=TAG, fails=(NotFound,))


@dataclass(frozen=True, slots=True)
class UserDevicesApi:
    """Lists and revokes what belongs to others."""

    show_account: ShowAccount
    devices: DeviceUseCases

    @of_account.get(example=DEVICE_EXAMPLE)
    async def list(self, _ask: Ask, account_id: AccountId, query: ListQuery) -> Page[DeviceView]:
        """
        List an account's devices.

        By ascending id, revoked ones too.
        """
        account = await self.show_account(account_id)
        found = await self.devices.list(account.id, after=query.cursor, limit=query.one_more)
        return Page.of(found, query, device_view, lambda device: device.id)

    @of_account.delete("/{device_id}")
    async def revoke(self, ask: Ask, account_id: AccountId, device_id: DeviceIdInPath) -> None:
        """
        Revoke an account's device.

        Its secret, its signatures and its tokens count no more.
        """
        await self.devices.revoke(account_id, device_id, ask.actor)
