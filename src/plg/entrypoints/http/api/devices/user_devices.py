"""The devices of any account, for admins."""

from dataclasses import dataclass, replace
from typing import Final

from starlette.types import Scope

from plg.application.devices.list_devices import ListDevices
from plg.application.devices.revoke_device import RevokeDevice
from plg.application.identity.show_account import ShowAccount
from plg.domain.identity.access import Caller
from plg.entrypoints.http.api.devices.device_views import device_view
from plg.entrypoints.http.api.devices.devices import LIST, REVOKE
from plg.entrypoints.http.api.identity.users import ADMIN, PATH, SHOW, TAG, id_of
from plg.entrypoints.http.endpoints import Endpoint
from plg.entrypoints.http.gate.gate import Gate, Guarded, actor_of
from plg.entrypoints.http.protocol.answers import Answer, empty
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.listing import Page, page_answer, page_of
from plg.entrypoints.http.protocol.paths import decode_segment

LIST_PATH: Final = f"{PATH}/devices"
ONE_PATH: Final = f"{PATH}/devices/{{device_id}}"
LIST_OF: Final = replace(
    LIST,
    summary="List an account's devices",
    parameters=(*SHOW.parameters, *LIST.parameters),
    problems=("invalid_parameter", "not_found"),
    tag=TAG,
)
REVOKE_OF: Final = replace(
    REVOKE,
    summary="Revoke an account's device",
    parameters=(*SHOW.parameters, *REVOKE.parameters),
    problems=("invalid_parameter", "not_found"),
    tag=TAG,
)


@dataclass(frozen=True, slots=True)
class UserDevicesApi:
    """Lists and revokes what belongs to others."""

    gate: Gate
    show_account: ShowAccount
    list_devices: ListDevices
    revoke_device: RevokeDevice

    def endpoints(self) -> list[Endpoint]:
        """Return the routes."""
        revoke = Guarded(self.gate, ADMIN, _device_of, self.revoke)
        return [
            Endpoint(LIST_PATH, Guarded(self.gate, ADMIN, _page_of, self.list), LIST_OF),
            Endpoint(ONE_PATH, revoke, REVOKE_OF, "DELETE"),
        ]

    async def list(
        self, query: tuple[str, Scope, Page], _caller: Caller, _context: RequestContext
    ) -> Answer:
        """Answer a page of an account's devices."""
        account_id, scope, page = query
        account = await self.show_account(account_id)
        devices = await self.list_devices(account.id, after=page.after, limit=page.limit + 1)
        views = [device_view(device) for device in devices]
        return page_answer(scope, page, views, [device.id for device in devices])

    async def revoke(
        self, query: tuple[str, str], caller: Caller, context: RequestContext
    ) -> Answer:
        """Revoke a device."""
        await self.revoke_device(*query, actor_of(caller, context))
        return empty()


def _page_of(scope: Scope) -> tuple[str, Scope, Page]:
    return id_of(scope), scope, page_of(scope)


def _device_of(scope: Scope) -> tuple[str, str]:
    return id_of(scope), decode_segment(scope["path_params"]["device_id"], "device_id")
